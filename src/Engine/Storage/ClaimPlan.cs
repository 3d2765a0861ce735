using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>What a claim takes, for stores that have read and locked what is due.</summary>
internal sealed class ClaimPlan(ClaimRequest request)
{
    private readonly List<WorkflowRecord> claimed = [];
    private readonly List<DateTimeOffset> dueSince = [];

    /// <summary>The rows to write.</summary>
    public RowSet Rows { get; } = new(request.Now, request.ExecutorId);

    /// <summary>How many more are to be taken.</summary>
    public int Missing => request.Limit - claimed.Count;

    /// <summary>The workflows that are taken.</summary>
    public long[] Ids => [.. claimed.Select(row => row.Id)];

    /// <summary>Takes workflows that are due.</summary>
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

    /// <summary>The result, with the variables where the rows were read without them.</summary>
    public ClaimResult Result(DateTimeOffset? nextDue, List<KeyValuePair<long, string>>? variables = null) =>
        ClaimResult.Of(claimed.WithVariables(variables ?? []), dueSince, Missing == 0 ? null : nextDue);
}
