using GopherFlow.Hosting;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Testing.Running;

/// <summary>The in-memory store, which can simulate the crash of an executor before a commit.</summary>
internal sealed class FlowStore(InMemoryStore inner, StepWatch watch) : DelegatingStore(inner)
{
    private long progress;

    /// <summary>Increases with every write and claim that changes something.</summary>
    public long Progress => Volatile.Read(ref progress);

    public override async Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        foreach (
            var ended in batch.Events.Where(ended => ended.Event is AttemptEnded && watch.TakeCrash(ended.WorkflowId))
        )
        {
            await TakeOverAsync(ended.WorkflowId, batch, cancellation);
        }

        var result = await Inner.WriteAsync(batch, cancellation);
        Count(result.Changes);
        return result;
    }

    public override async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var result = await Inner.ClaimAsync(request, cancellation);
        Count(result.Changes);
        return result;
    }

    /// <summary>Takes a workflow over like another executor after a crash, so that the commit that follows is fenced.</summary>
    private async Task TakeOverAsync(long workflowId, WriteBatch batch, CancellationToken cancellation)
    {
        if (await Inner.FindAsync(workflowId, cancellation) is { ExecutorId: { } owner })
        {
            var taken = new EventFor(workflowId, new TakenOver(owner));
            await Inner.WriteAsync(batch with { Creates = [], Events = [taken] }, cancellation);
        }
    }

    private void Count(IReadOnlyList<WorkflowChange> changes) => Interlocked.Add(ref progress, changes.Count);
}

/// <summary>Opens the store of a test.</summary>
internal sealed class FlowDatabase(Func<TimeProvider?, OpenedStores> open) : Database
{
    public override IReadOnlyList<string> Names => ["TEST"];

    public override Func<TimeProvider?, OpenedStores> Read(SettingsReader settings) => open;
}
