using GopherFlow.Hosting;
using GopherFlow.Persistence;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Sees to it that no workflow is stuck: takes those of dead executors over, and gives back claims that the store says are this
/// executor's but that nothing here runs (the answer to a claim was lost, or a commit failed for good).
/// </summary>
internal sealed class Repairer(
    IWorkflowStore store,
    RunningWorkflows running,
    EngineOptions options,
    Func<long> executorId,
    Action<IReadOnlyList<WorkflowChange>> observe,
    TimeProvider clock,
    ILogger<Repairer> log
)
{
    private const int BatchSize = 500;

    private HashSet<ClaimKey> suspects = [];

    /// <summary>Repairs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.StuckWorkflowsInterval, clock, stop);
                await TakeOverAsync(stop);
                await GiveBackForgottenAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble)
            {
                log.RepairFailed(trouble, executorId());
            }
        }
    }

    private async Task TakeOverAsync(CancellationToken stop)
    {
        IReadOnlyList<WorkflowChange> repaired;
        do
        {
            repaired = await store.RepairAsync(new RepairRequest(executorId(), BatchSize, clock.Now()), stop);
            if (repaired.Count > 0)
            {
                log.Repaired(repaired.Count, executorId());
                observe(repaired);
            }
        } while (repaired.Count == BatchSize);
    }

    /// <summary>A claim may be on its way here, so it is forgotten only when it is seen twice with nobody running it.</summary>
    private async Task GiveBackForgottenAsync(CancellationToken stop)
    {
        var owned = await store.OwnedAsync(executorId(), stop);
        var unknown = owned.Except(running.Claims).ToHashSet();
        var forgotten = unknown.Intersect(suspects).ToList();
        suspects = unknown;
        if (forgotten.Count == 0)
        {
            return;
        }

        log.ClaimsForgotten(forgotten.Count, executorId());
        observe(await store.ReleaseAsync(new ReleaseRequest(executorId(), forgotten, clock.Now()), stop));
    }
}
