using GopherFlow.Hosting;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Testing.Running;

/// <summary>The in-memory store, in which an executor can seem to die before a commit.</summary>
internal sealed class FlowStore(InMemoryStore inner, StepWatch watch) : DelegatingStore(inner)
{
    private long progress;

    /// <summary>Rises with every write and claim that has changed something.</summary>
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

    /// <summary>As another executor would do it with what a dead one held: the commit that follows is fenced out.</summary>
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
