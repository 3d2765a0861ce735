using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>
/// Claims due workflows whenever there are free slots: at once when something is known to be due, at the instant at which the
/// next one is, and now and then in any case, for what other processes have left in the store.
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

    /// <summary>By the monotonic clock: no step of the database's clock delays a look.</summary>
    private TimeSpan nextLook = TimeSpan.MinValue;

    /// <summary>The next poll, made although nothing is known to be due.</summary>
    private TimeSpan nextPoll = TimeSpan.MinValue;

    /// <summary>True when there may be due workflows that are not claimed: a new one must not jump the queue then.</summary>
    public bool IsBehind
    {
        get
        {
            lock (gate)
            {
                return nextLook <= clock.Monotonic;
            }
        }
    }

    private TimeSpan NextLook
    {
        get
        {
            lock (gate)
            {
                return nextLook;
            }
        }
    }

    /// <summary>Looks at what was committed for workflows that this executor can claim, now or later.</summary>
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
            LookAt(ToMonotonic(due));
        }
    }

    /// <summary>Another process has left something that this executor can perhaps claim.</summary>
    public void Notice(DueHint hint)
    {
        if (options.ExecutorGroups.Contains(hint.ExecutorGroup))
        {
            LookAt(ToMonotonic(hint.Due));
        }
    }

    /// <summary>Looks at once, whatever was known to be due.</summary>
    public void LookNow()
    {
        SetNextLook(TimeSpan.MinValue);
        signal.Set();
    }

    /// <summary>A slot has become free.</summary>
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
                await signal.WaitUntilAsync(NextLook, stop);
                continue;
            }

            if (claimant() is not { } executorId)
            {
                // What would be claimed now would belong to a dead executor. LookNow ends the wait after the next registration.
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
        var expectsNothing = NextLook == nextPoll;
        // Anything noticed from here on counts on top of what the claim itself finds.
        SetNextLook(TimeSpan.MaxValue);
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
            LookAt(
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
            LookNow();
            throw;
        }
    }

    private TimeSpan ToMonotonic(DateTimeOffset instant) => clock.Monotonic + (instant - clock.GetUtcNow());

    private void LookAt(TimeSpan instant)
    {
        lock (gate)
        {
            if (instant >= nextLook)
            {
                return;
            }

            nextLook = instant;
        }

        signal.Set();
    }

    private void SetNextLook(TimeSpan instant)
    {
        lock (gate)
        {
            nextLook = instant;
        }
    }
}
