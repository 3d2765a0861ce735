using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>How long workflows of one type that this executor claims hold their permits, by the database's clock. Not thread-safe.</summary>
internal sealed class PermitHolds
{
    /// <summary>The weight of the latest hold in the moving average.</summary>
    private const double Weight = 0.1;

    private readonly Dictionary<long, (long Lease, DateTimeOffset Began)> claimed = [];

    /// <summary>An exponential moving average; zero until the first permit is returned.</summary>
    public TimeSpan Mean { get; private set; }

    /// <summary>Permits were granted.</summary>
    public void Begin(IReadOnlyList<WorkflowRecord> workflows)
    {
        foreach (var workflow in workflows)
        {
            claimed[workflow.Id] = (workflow.Lease, workflow.Modified);
        }
    }

    /// <summary>A workflow has changed; it has given its permit back unless an executor still has it.</summary>
    public void Notice(WorkflowChange change)
    {
        if (change.ExecutorId is null && claimed.Remove(change.Id, out var hold))
        {
            var held = change.Modified - hold.Began;
            Mean = Mean == TimeSpan.Zero ? held : (Mean * (1 - Weight)) + (held * Weight);
        }
    }

    /// <summary>
    /// The run of a claim has ended. If no change was noticed that ended the hold, another process has taken the workflow from it, and how long
    /// it was held is not known.
    /// </summary>
    public void Forget(ClaimKey claim)
    {
        if (claimed.TryGetValue(claim.WorkflowId, out var hold) && hold.Lease == claim.Lease)
        {
            claimed.Remove(claim.WorkflowId);
        }
    }

    /// <summary>The lease was lost: what was claimed is no longer here.</summary>
    public void Clear() => claimed.Clear();
}
