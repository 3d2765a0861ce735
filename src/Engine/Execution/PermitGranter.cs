using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>
/// Claims due workflows that need permits, type by type, into free slots: a permit is granted by claiming. It looks when a commit has asked
/// for a permit or may have freed one, when the next is due or a rate lets one begin, and now and then in any case.
/// </summary>
internal sealed class PermitGranter(
    IWorkflowStore store,
    DefinitionRegistry registry,
    LimitCatalogue limits,
    RunningWorkflows running,
    EngineOptions options,
    Func<long?> claimant,
    Action<IReadOnlyList<WorkflowRecord>> start,
    Action slotsReturned,
    ChangeFeed feed,
    ClaimCalls calls,
    Crowd crowd,
    EngineMetrics metrics,
    DatabaseClock clock
)
{
    /// <summary>How often to look while some wait for permits of other processes, whose ends are not notified here.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>How soon to look for what other processes ask for while a state is full.</summary>
    private static readonly TimeSpan BetweenHints = TimeSpan.FromMilliseconds(100);

    /// <summary>A type has no limits now, but workflows may wait for permits since another version had some.</summary>
    private static readonly TimeSpan BetweenIdleLooks = TimeSpan.FromMinutes(1);

    /// <summary>A turn ends after this many looks in a row without a permit to grant.</summary>
    private const int EmptyLooks = 20;

    private readonly Lock gate = new();
    private readonly Signal signal = new(clock);

    /// <summary>What is known of each type that can run here.</summary>
    private readonly Dictionary<string, LimitedType> types = new(StringComparer.Ordinal);

    private bool somebodyWaits;
    private bool lacksSlots;
    private bool isItsTurn;
    private int given;

    /// <summary>Looks at what was committed: a workflow may have asked for a permit, or given one back.</summary>
    public void Notice(IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.NeedsPermit && change.NextActivation is { } due)
            {
                LookForAsking(change, ToMonotonic(due));
            }

            // One that parks under a limit asks for a permit, and has given one back; one that is new has only asked.
            // A hold that ends is noticed whether or not somebody waits.
            if (change.PreviousState is not null && (change.ExecutorId is null || Volatile.Read(ref somebodyWaits)))
            {
                LookForReturned(change);
            }
        }
    }

    /// <summary>Another process has left something that may need a permit.</summary>
    /// <returns>Whether all of its type needs permits, so that no other can take it.</returns>
    public bool Notice(DueHint hint)
    {
        lock (gate)
        {
            if (!types.TryGetValue(hint.Definition.Name, out var type))
            {
                return false;
            }

            if (!type.IsFull && (type.IsLimited || type.HasWaiters))
            {
                // A hint names no state: what other processes ask for may be a permit of a full one, again and again.
                var (due, later) = (ToMonotonic(hint.Due), clock.Monotonic + BetweenHints);
                LookAt(type, type.HasFullStates && due < later ? later : due);
            }

            return type.NeedsAlways;
        }
    }

    /// <summary>
    /// A slot has become free. Of those for which it waits it is given every second, so that what needs no permit does not take them all.
    /// </summary>
    public void SlotIsFree()
    {
        if (!Volatile.Read(ref lacksSlots))
        {
            return;
        }

        lock (gate)
        {
            isItsTurn = !isItsTurn;
            given += isItsTurn && lacksSlots ? running.Reserve(1) : 0;
        }

        signal.Set();
    }

    /// <summary>The run of a workflow that was claimed with a permit has ended.</summary>
    public void RunHasEnded(string workflowType, ClaimKey claim)
    {
        lock (gate)
        {
            if (types.TryGetValue(workflowType, out var type))
            {
                type.Holds.Forget(claim);
            }
        }
    }

    /// <summary>Looks at every type at once.</summary>
    public void LookNow()
    {
        lock (gate)
        {
            foreach (var type in types.Values)
            {
                type.Forget();
            }
        }

        signal.Set();
    }

    /// <summary>Claims until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await LookAsync(stop);
                var isBlocked = claimant() is null || Volatile.Read(ref lacksSlots);
                await signal.WaitUntilAsync(isBlocked ? clock.Monotonic + options.CheckDbInterval : NextLook(), stop);
            }
        }
        finally
        {
            ReturnGiven();
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        foreach (var type in DueTypes())
        {
            if (stop.IsCancellationRequested || claimant() is not { } executorId)
            {
                return;
            }

            await LookAsync(type, executorId, stop);
        }
    }

    private void ReturnGiven()
    {
        lock (gate)
        {
            lacksSlots = false;
            running.Return(given);
            given = 0;
        }
    }

    private async Task LookAsync(string type, long executorId, CancellationToken stop)
    {
        var allowed = await limits.LimitsOfAsync(type, stop);
        for (var empty = 0; empty < EmptyLooks; )
        {
            var slots = TakeSlots(allowed);
            if (slots == 0)
            {
                SetNextLook(type, TimeSpan.MinValue);
                return;
            }

            BeginLook(type);
            var result = await ClaimAsync(type, executorId, slots, allowed);
            if (!result.IsMore)
            {
                Settle(type, result, allowed);
                return;
            }

            empty += result.Claimed.Count == 0 ? 1 : 0;
        }

        lock (gate)
        {
            SetHasWaiters(TypeOf(type));
            LookAt(TypeOf(type), clock.Monotonic + BetweenLooks);
        }
    }

    /// <summary>No more than can be of use, and half of those that are free, for creates wait for slots meanwhile.</summary>
    private int TakeSlots(LimitSet allowed)
    {
        var wanted = int.Min(int.Min(allowed.MostAtOnce, options.BatchSize), int.Max(running.Free / 2, 1));
        lock (gate)
        {
            var slots = given + running.Reserve(wanted);
            given = 0;
            Volatile.Write(ref lacksSlots, slots == 0);
            return slots;
        }
    }

    /// <summary>When to look again, unless something was noticed meanwhile.</summary>
    private void Settle(string type, LimitedClaimResult result, LimitSet allowed)
    {
        var latest =
            clock.Monotonic
            + (
                result.HasWaiters && BetweenLooks < options.CheckDbInterval ? BetweenLooks
                : result.HasWaiters && !allowed.IsEmpty ? options.CheckDbInterval
                : crowd.Stretched(
                    allowed.IsEmpty && options.CheckDbInterval < BetweenIdleLooks
                        ? BetweenIdleLooks
                        : options.CheckDbInterval
                )
            );
        var next = result.NextLook is { } look && ToMonotonic(look) < latest ? ToMonotonic(look) : latest;
        lock (gate)
        {
            var known = TypeOf(type);
            known.Settle(
                (!allowed.IsEmpty, allowed.OfType.Count > 0),
                result.HasWaiters,
                (result.IsFull, result.FullStates)
            );
            Volatile.Write(ref somebodyWaits, types.Values.Any(other => other.HasWaiters));
            LookAt(known, next);
        }
    }

    private async Task<LimitedClaimResult> ClaimAsync(string type, long executorId, int slots, LimitSet allowed)
    {
        var call = calls.Begin();
        var returned = slots;
        try
        {
            var now = clock.Now();
            var result = await store.ClaimLimitedAsync(
                new LimitedClaimRequest(
                    executorId,
                    type,
                    [.. registry.Runnable.Where(key => key.Name == type).Select(key => key.Version)],
                    options.ExecutorGroups,
                    allowed,
                    slots,
                    now
                ),
                CancellationToken.None
            );
            returned -= result.Claimed.Count;
            foreach (var (workflow, dueSince) in result.Claimed.Zip(result.DueSince))
            {
                metrics.Claimed(workflow.WorkflowType, now - dueSince);
            }

            lock (gate)
            {
                TypeOf(type).Holds.Begin(result.Claimed);
            }

            feed.Publish(result.Changes);
            start(result.Claimed);
            return result;
        }
        catch
        {
            SetNextLook(type, TimeSpan.MinValue);
            throw;
        }
        finally
        {
            running.Return(returned);
            slotsReturned();
            calls.End(call);
        }
    }

    /// <summary>Types that are due for a look; one that was never looked at is. Those that cannot run here any more are forgotten.</summary>
    private List<string> DueTypes()
    {
        var now = clock.Monotonic;
        var names = registry.Runnable.Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
        lock (gate)
        {
            foreach (var gone in types.Keys.Where(name => !names.Contains(name)).ToList())
            {
                types.Remove(gone);
            }

            return [.. names.Where(name => TypeOf(name).NextLook <= now)];
        }
    }

    private TimeSpan NextLook()
    {
        lock (gate)
        {
            return types.Count == 0
                ? clock.Monotonic + options.CheckDbInterval
                : types.Values.Min(type => type.NextLook);
        }
    }

    private TimeSpan ToMonotonic(DateTimeOffset instant) => clock.Monotonic + (instant - clock.GetUtcNow());

    /// <summary>Where none is left, it waits for one that is given back; of those given back elsewhere nothing is noticed.</summary>
    private void LookForAsking(WorkflowChange change, TimeSpan due)
    {
        lock (gate)
        {
            if (types.TryGetValue(change.WorkflowType, out var type))
            {
                SetHasWaiters(type);
                var later = clock.Monotonic + BetweenLooks;
                LookAt(type, type.IsFullIn(change.State) && due < later ? later : due);
            }
        }
    }

    private void LookForReturned(WorkflowChange change)
    {
        lock (gate)
        {
            if (types.TryGetValue(change.WorkflowType, out var type))
            {
                type.Holds.Notice(change);
                if (type.HasWaiters)
                {
                    LookAt(type, type.LookForReturned(clock.Monotonic));
                }
            }
        }
    }

    private void BeginLook(string name)
    {
        lock (gate)
        {
            TypeOf(name).BeginLook(clock.Monotonic);
        }
    }

    private void SetNextLook(string name, TimeSpan instant)
    {
        lock (gate)
        {
            TypeOf(name).NextLook = instant;
        }
    }

    /// <summary>Looks no later than that. The caller holds the lock.</summary>
    private void LookAt(LimitedType type, TimeSpan instant)
    {
        if (instant < type.NextLook)
        {
            type.NextLook = instant;
            signal.Set();
        }
    }

    private void SetHasWaiters(LimitedType type)
    {
        type.HasWaiters = true;
        Volatile.Write(ref somebodyWaits, true);
    }

    private LimitedType TypeOf(string name) =>
        types.TryGetValue(name, out var known) ? known : types[name] = new LimitedType();
}
