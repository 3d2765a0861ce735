using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>How long workflows of one type that this executor claims hold their permits, by the database's clock. Not thread-safe.</summary>
internal sealed class PermitHolds
{
    /// <summary>The weight of the latest hold in the moving average.</summary>
    private const double Weight = 0.1;

    private readonly Dictionary<long, DateTimeOffset> claimed = [];

    /// <summary>An exponential moving average; zero until the first permit is returned.</summary>
    public TimeSpan Mean { get; private set; }

    /// <summary>Permits were granted.</summary>
    public void Begin(IReadOnlyList<WorkflowRecord> workflows)
    {
        foreach (var workflow in workflows)
        {
            claimed[workflow.Id] = workflow.Modified;
        }
    }

    /// <summary>A workflow has changed; it has given its permit back unless an executor still has it.</summary>
    public void Notice(WorkflowChange change)
    {
        if (change.ExecutorId is null && claimed.Remove(change.Id, out var began))
        {
            var held = change.Modified - began;
            Mean = Mean == TimeSpan.Zero ? held : (Mean * (1 - Weight)) + (held * Weight);
        }
    }

    /// <summary>The lease was lost: what was claimed is no longer here.</summary>
    public void Clear() => claimed.Clear();
}
