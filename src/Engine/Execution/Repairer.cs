using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Recovers stuck workflows. It takes over the workflows of dead executors. It releases lost claims: those that the store assigns to this
/// executor but that nothing here runs, because the answer to a claim was lost or a commit failed for good. It ends runs whose claim is no
/// longer in the store, because another process has cancelled or moved the workflow. It also deletes old entries of the change log.
/// </summary>
internal sealed class Repairer(
    IWorkflowStore store,
    RunningWorkflows running,
    ClaimCalls calls,
    EngineOptions options,
    Func<long> executorId,
    Action<IReadOnlyList<WorkflowChange>> observe,
    Crowd crowd,
    EngineMetrics metrics,
    DatabaseClock clock,
    ILogger<Repairer> log
)
{
    private const int BatchSize = 500;

    /// <summary>
    /// The delay after the end of a lease. A lease expires after its last instant, and timers have millisecond resolution.
    /// </summary>
    private static readonly TimeSpan ExpiryDelay = TimeSpan.FromMilliseconds(1);

    /// <summary>At most the length of a lease, so that the end of each lease is known before it is reached.</summary>
    private readonly TimeSpan interval =
        options.StuckWorkflowsInterval < options.Lease ? options.StuckWorkflowsInterval : options.Lease;

    private HashSet<ClaimKey> suspects = [];
    private long suspectedIn = -1;

    /// <summary>The interval for work that all executors share, such as takeovers. It grows with the number of executors.</summary>
    private TimeSpan SharedInterval =>
        crowd.Stretched(interval) is var stretched && stretched < options.Lease ? stretched : options.Lease;

    /// <summary>
    /// Repairs until it is stopped: at every interval, and also the moment a lease expires that was not renewed, so the workflows of a dead
    /// executor do not wait for the interval on top of its lease. A lease may have expired before this executor started.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var nextRound = clock.Monotonic + interval;
        var nextSharedRound = nextRound;
        TimeSpan? nextExpiry = -ExpiryDelay;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var isSooner = nextExpiry + ExpiryDelay < nextRound;
                await WaitUntilAsync(isSooner ? nextExpiry!.Value + ExpiryDelay : nextRound, stop);
                var now = clock.Monotonic;
                var (isRound, isSharedRound) = (now >= nextRound, now >= nextSharedRound);
                nextRound = isRound ? now + interval : nextRound;
                if (isSharedRound || nextExpiry + ExpiryDelay <= now)
                {
                    nextExpiry = null;
                    nextExpiry = await TakeOverAsync(stop);
                }

                if (isRound)
                {
                    await ReleaseLostClaimsAsync(stop);
                }

                if (isSharedRound)
                {
                    await store.Changes.ForgetAsync(stop);
                    nextSharedRound = now + SharedInterval;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Waits until an instant. The timer may fire slightly early; the caller then waits again.</summary>
    private Task WaitUntilAsync(TimeSpan instant, CancellationToken stop)
    {
        var left = instant - clock.Monotonic;
        return left > TimeSpan.Zero
            ? Task.Delay(left > ExpiryDelay ? left : ExpiryDelay, clock, stop)
            : Task.CompletedTask;
    }

    /// <returns>When the next lease expires, by the monotonic clock.</returns>
    private async Task<TimeSpan?> TakeOverAsync(CancellationToken stop)
    {
        while (true)
        {
            var (repaired, nextExpiry, executors, now) = await store.RepairAsync(
                new RepairRequest(executorId(), BatchSize),
                stop
            );
            crowd.Executors = executors;
            if (repaired.Count > 0)
            {
                metrics.Repaired.Add(repaired.Count);
                log.Repaired(repaired.Count, executorId());
                observe(repaired);
            }

            if (repaired.Count < BatchSize)
            {
                return clock.Monotonic + (nextExpiry - now);
            }
        }
    }

    /// <summary>
    /// Releases claims that nothing here runs. A claim counts as lost only after two reads of the store in which nothing ran it, and only
    /// if every call that could have made it was answered before the second read began.
    /// </summary>
    private async Task ReleaseLostClaimsAsync(CancellationToken stop)
    {
        if (!calls.AreAnsweredUpTo(suspectedIn))
        {
            return;
        }

        var runningBefore = running.Claims;
        var owned = await store.OwnedAsync(executorId(), stop);
        running.EndAll(runningBefore.Except(owned));
        var unknown = owned.Except(runningBefore).Except(running.Claims).ToHashSet();
        var lost = unknown.Intersect(suspects).ToList();
        suspects = unknown;
        suspectedIn = calls.EndPeriod();
        if (lost.Count == 0)
        {
            return;
        }

        log.ClaimsForgotten(lost.Count, executorId());
        observe(await store.HandBackAsync(executorId(), lost, clock.Now(), stop));
    }
}
