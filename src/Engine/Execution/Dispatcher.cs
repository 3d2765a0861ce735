using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>
/// Claims due workflows when there are free slots: immediately when something is known to be due, at the next known due instant, and in
/// regular polls for work that other processes have left in the store.
/// </summary>
internal sealed class Dispatcher(
    IWorkflowStore store,
    DefinitionRegistry registry,
    RunningWorkflows running,
    EngineOptions options,
    Func<long?> claimant,
    Action<IReadOnlyList<WorkflowRecord>> start,
    Action caughtUp,
    ChangeFeed feed,
    ClaimCalls calls,
    EngineMetrics metrics,
    DatabaseClock clock
)
{
    private readonly Lock gate = new();
    private readonly Signal signal = new(clock);

    /// <summary>When to claim next, by the monotonic clock, so that adjustments of the database's clock do not delay it.</summary>
    private TimeSpan nextClaim = TimeSpan.MinValue;

    /// <summary>When to poll next, even if nothing is known to be due.</summary>
    private TimeSpan nextPoll = TimeSpan.MinValue;

    /// <summary>Whether there may be due workflows that are not claimed. A new workflow must not overtake them.</summary>
    public bool IsBehind
    {
        get
        {
            lock (gate)
            {
                return nextClaim <= clock.Monotonic;
            }
        }
    }

    private TimeSpan NextClaim
    {
        get
        {
            lock (gate)
            {
                return nextClaim;
            }
        }
    }

    /// <summary>Checks committed changes for workflows that this executor can claim, now or later.</summary>
    public void Notice(IReadOnlyList<WorkflowChange> changes)
    {
        DateTimeOffset? earliest = null;
        foreach (var change in changes)
        {
            if (
                change is { NextActivation: { } activation, NeedsPermit: false }
                && (earliest is null || activation < earliest)
                && options.ExecutorGroups.Contains(change.ExecutorGroup)
                && registry.CanRun(new DefinitionKey(change.WorkflowType, change.Version))
            )
            {
                earliest = activation;
            }
        }

        if (earliest is { } due)
        {
            ClaimAt(ToMonotonic(due));
        }
    }

    /// <summary>Handles a hint from another process about a workflow that this executor may be able to claim.</summary>
    public void Notice(DueHint hint)
    {
        if (options.ExecutorGroups.Contains(hint.ExecutorGroup))
        {
            ClaimAt(ToMonotonic(hint.Due));
        }
    }

    /// <summary>Claims immediately, regardless of what is known to be due.</summary>
    public void PollNow()
    {
        SetNextClaim(TimeSpan.MinValue);
        signal.Set();
    }

    /// <summary>Signals that a slot has become free.</summary>
    public void SlotIsFree()
    {
        if (IsBehind)
        {
            signal.Set();
        }
    }

    /// <summary>Claims until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!IsBehind)
            {
                await signal.WaitUntilAsync(NextClaim, stop);
                continue;
            }

            if (claimant() is not { } executorId)
            {
                // A claim would be made under the id of a dead executor. After the next registration, PollNow ends this wait.
                await signal.WaitUntilAsync(clock.Monotonic + options.CheckDbInterval, stop);
                continue;
            }

            var slots = running.Reserve(options.BatchSize);
            if (slots == 0)
            {
                await signal.WaitUntilAsync(clock.Monotonic + options.CheckDbInterval, stop);
                continue;
            }

            await ClaimAsync(executorId, slots);
        }
    }

    private async Task ClaimAsync(long executorId, int slots)
    {
        var expectsNothing = NextClaim == nextPoll;
        // What is noticed from here on counts in addition to the next due instant that the claim finds.
        SetNextClaim(TimeSpan.MaxValue);
        var now = clock.Now();
        nextPoll = clock.Monotonic + options.CheckDbInterval;
        var call = calls.Begin();
        try
        {
            var result = await ClaimAsync(
                new(executorId, registry.Runnable, options.ExecutorGroups, slots, now)
                {
                    PriorityStep = options.PriorityStep,
                    ExpectsNothing = expectsNothing,
                }
            );
            running.Return(slots - result.Claimed.Count);
            ClaimAt(
                result.Claimed.Count == slots ? TimeSpan.MinValue
                : result.NextDue is { } due && ToMonotonic(due) < nextPoll ? ToMonotonic(due)
                : nextPoll
            );
            foreach (var (workflow, dueSince) in result.Claimed.Zip(result.DueSince))
            {
                metrics.Claimed(workflow.WorkflowType, now - dueSince);
            }

            feed.Publish(result.Changes);
            start(result.Claimed);
            caughtUp();
        }
        finally
        {
            calls.End(call);
        }
    }

    private async Task<ClaimResult> ClaimAsync(ClaimRequest request)
    {
        try
        {
            return await store.ClaimAsync(request, CancellationToken.None);
        }
        catch
        {
            running.Return(request.Limit);
            PollNow();
            throw;
        }
    }

    private TimeSpan ToMonotonic(DateTimeOffset instant) => clock.Monotonic + (instant - clock.GetUtcNow());

    private void ClaimAt(TimeSpan instant)
    {
        lock (gate)
        {
            if (instant >= nextClaim)
            {
                return;
            }

            nextClaim = instant;
        }

        signal.Set();
    }

    private void SetNextClaim(TimeSpan instant)
    {
        lock (gate)
        {
            nextClaim = instant;
        }
    }
}
