using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Plans a claim, for stores that have already read and locked the due rows.</summary>
internal sealed class ClaimPlan(ClaimRequest request)
{
    private readonly List<WorkflowRecord> claimed = [];
    private readonly List<DateTimeOffset> dueSince = [];

    /// <summary>The rows to write.</summary>
    public RowSet Rows { get; } = new(request.Now, request.ExecutorId);

    /// <summary>How many more workflows the claim may take.</summary>
    public int Missing => request.Limit - claimed.Count;

    /// <summary>The ids of the workflows taken.</summary>
    public long[] Ids => [.. claimed.Select(row => row.Id)];

    public void Take(IEnumerable<WorkflowRecord> due)
    {
        foreach (var before in due)
        {
            if (WorkflowRule.Decide(before, new Claimed(request.ExecutorId), request.Now) is Ruling.Written written)
            {
                Rows.Add(before, written.After);
                claimed.Add(written.After);
                dueSince.Add(before.NextActivation ?? request.Now);
            }
        }

        Rows.Changes = ClaimResult.ChangesOf(claimed);
    }

    /// <summary>The result. Variables are passed if the rows were read without them.</summary>
    public ClaimResult Result(DateTimeOffset? nextDue, List<KeyValuePair<long, string>>? variables = null) =>
        ClaimResult.Of(claimed.WithVariables(variables ?? []), dueSince, Missing == 0 ? null : nextDue);
}
