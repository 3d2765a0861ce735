using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;

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
    ChangeFeed feed,
    ClaimCalls calls,
    TimeProvider clock
)
{
    private readonly Lock gate = new();
    private readonly Signal signal = new(clock);
    private DateTimeOffset nextLook = DateTimeOffset.MinValue;

    /// <summary>True when there may be due workflows that nobody has claimed: a new one must not jump the queue then.</summary>
    public bool IsBehind
    {
        get
        {
            lock (gate)
            {
                return nextLook <= clock.GetUtcNow();
            }
        }
    }

    private DateTimeOffset NextLook
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
                change.NextActivation is { } due
                && (earliest is null || due < earliest)
                && options.ExecutorGroups.Contains(change.ExecutorGroup)
                && registry.CanRun(new DefinitionKey(change.WorkflowType, change.Version))
            )
            {
                earliest = due;
            }
        }

        if (earliest is { } instant)
        {
            LookAt(instant);
        }
    }

    /// <summary>Another process has left something that this executor can perhaps claim.</summary>
    public void Notice(DueHint hint)
    {
        if (options.ExecutorGroups.Contains(hint.ExecutorGroup))
        {
            LookAt(hint.Due);
        }
    }

    /// <summary>Looks at once, whatever was known to be due.</summary>
    public void LookNow()
    {
        SetNextLook(DateTimeOffset.MinValue);
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
                // What would be claimed now would belong to a dead executor. LookNow tells of the new entry.
                await signal.WaitUntilAsync(clock.GetUtcNow() + options.CheckDbInterval, stop);
                continue;
            }

            var slots = running.Reserve(options.BatchSize);
            if (slots == 0)
            {
                await signal.WaitUntilAsync(clock.GetUtcNow() + options.CheckDbInterval, stop);
                continue;
            }

            await ClaimAsync(executorId, slots);
        }
    }

    private async Task ClaimAsync(long executorId, int slots)
    {
        // Anything noticed from here on counts on top of what the claim itself finds.
        SetNextLook(DateTimeOffset.MaxValue);
        var now = clock.Now();
        var call = calls.Begin();
        try
        {
            var result = await ClaimAsync(new(executorId, registry.Runnable, options.ExecutorGroups, slots, now));
            running.Return(slots - result.Claimed.Count);
            LookAt(
                result.Claimed.Count == slots ? now
                : result.NextDue is { } due && due < now + options.CheckDbInterval ? due
                : now + options.CheckDbInterval
            );
            feed.Publish(result.Changes);
            start(result.Claimed);
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

    private void LookAt(DateTimeOffset instant)
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

    private void SetNextLook(DateTimeOffset instant)
    {
        lock (gate)
        {
            nextLook = instant;
        }
    }
}
