using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// Measures how long the workflows of one type on this executor hold their permits, by the database's clock. Not thread-safe.
/// </summary>
internal sealed class PermitHolds
{
    /// <summary>The weight of the latest hold in the moving average.</summary>
    private const double Weight = 0.1;

    private readonly Dictionary<long, (long Lease, DateTimeOffset Began)> claimed = [];

    /// <summary>The exponential moving average of the hold time; zero until the first permit is returned.</summary>
    public TimeSpan Mean { get; private set; }

    /// <summary>Records granted permits.</summary>
    public void Begin(IReadOnlyList<WorkflowRecord> workflows)
    {
        foreach (var workflow in workflows)
        {
            claimed[workflow.Id] = (workflow.Lease, workflow.Modified);
        }
    }

    /// <summary>Handles a change of a workflow. If it no longer has an owner, it has returned its permit.</summary>
    public void Notice(WorkflowChange change)
    {
        if (change.ExecutorId is null && claimed.Remove(change.Id, out var hold))
        {
            var held = change.Modified - hold.Began;
            Mean = Mean == TimeSpan.Zero ? held : (Mean * (1 - Weight)) + (held * Weight);
        }
    }

    /// <summary>
    /// Handles the end of a run. If the hold has not ended with a change by now, another process has taken the workflow over, and the hold
    /// time is unknown.
    /// </summary>
    public void Forget(ClaimKey claim)
    {
        if (claimed.TryGetValue(claim.WorkflowId, out var hold) && hold.Lease == claim.Lease)
        {
            claimed.Remove(claim.WorkflowId);
        }
    }

    /// <summary>Discards all current holds. If the lease was lost, their claims are gone.</summary>
    public void Clear() => claimed.Clear();
}
