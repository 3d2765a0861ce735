using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Sees to it that no workflow is stuck: takes those of dead executors over, and gives back claims that the store says are this
/// executor's but that nothing here runs (the answer to a claim was lost, or a commit failed for good). Runs that the store says are
/// not this executor's are ended: another process has cancelled or moved their workflow. It also deletes what is old in the change log.
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

    /// <summary>A lease has run out when its last instant is over, and timers have millisecond resolution.</summary>
    private static readonly TimeSpan AfterExpiry = TimeSpan.FromMilliseconds(1);

    /// <summary>Not longer than a lease, so that the end of each lease is known before it comes.</summary>
    private readonly TimeSpan interval =
        options.StuckWorkflowsInterval < options.Lease ? options.StuckWorkflowsInterval : options.Lease;

    private HashSet<ClaimKey> suspects = [];
    private long suspectedIn = -1;

    /// <summary>Workflows of dead executors are looked for by all, so less often by each of many.</summary>
    private TimeSpan SharedInterval =>
        crowd.Stretched(interval) is var stretched && stretched < options.Lease ? stretched : options.Lease;

    /// <summary>
    /// Repairs until it is stopped: at every interval, and besides whenever a lease runs out that was not renewed, so that the
    /// workflows of a dead executor do not wait for the interval on top of its lease. One may have run out before the start.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var nextRound = clock.Monotonic + interval;
        var nextSharedRound = nextRound;
        TimeSpan? nextExpiry = -AfterExpiry;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var isSooner = nextExpiry + AfterExpiry < nextRound;
                await WaitUntilAsync(isSooner ? nextExpiry!.Value + AfterExpiry : nextRound, stop);
                var now = clock.Monotonic;
                var (isRound, isSharedRound) = (now >= nextRound, now >= nextSharedRound);
                nextRound = isRound ? now + interval : nextRound;
                if (isSharedRound || nextExpiry + AfterExpiry <= now)
                {
                    nextExpiry = null;
                    nextExpiry = await TakeOverAsync(stop);
                }

                if (isRound)
                {
                    await GiveBackForgottenAsync(stop);
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

    /// <summary>A timer that fires a little early is no harm: what is not over yet is waited for once more.</summary>
    private Task WaitUntilAsync(TimeSpan instant, CancellationToken stop)
    {
        var left = instant - clock.Monotonic;
        return left > TimeSpan.Zero
            ? Task.Delay(left > AfterExpiry ? left : AfterExpiry, clock, stop)
            : Task.CompletedTask;
    }

    /// <returns>When the next lease runs out, by the monotonic clock.</returns>
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
    /// A claim is forgotten only when it is seen twice with nobody running it, and every call that may have made it had been answered
    /// before the second look began.
    /// </summary>
    private async Task GiveBackForgottenAsync(CancellationToken stop)
    {
        if (!calls.AreAnsweredUpTo(suspectedIn))
        {
            return;
        }

        var runningBefore = running.Claims;
        var owned = await store.OwnedAsync(executorId(), stop);
        running.EndAll(runningBefore.Except(owned));
        var unknown = owned.Except(runningBefore).Except(running.Claims).ToHashSet();
        var forgotten = unknown.Intersect(suspects).ToList();
        suspects = unknown;
        suspectedIn = calls.EndPeriod();
        if (forgotten.Count == 0)
        {
            return;
        }

        log.ClaimsForgotten(forgotten.Count, executorId());
        observe(await store.HandBackAsync(executorId(), forgotten, clock.Now(), stop));
    }
}
