using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// The workflow types that can run here, and when to grant permits of each next. Requested and returned permits bring that forward.
/// </summary>
internal sealed class LimitedTypes(DefinitionRegistry registry, EngineOptions options, Crowd crowd, DatabaseClock clock)
{
    /// <summary>
    /// How often to poll while workflows wait for permits, because this process is not notified of permits that others return.
    /// </summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The minimum delay after a hint from another process while a state is full.</summary>
    private static readonly TimeSpan HintInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How often to poll a type without limits, of which workflows may still wait for permits because an earlier version had limits.
    /// </summary>
    private static readonly TimeSpan IdlePollInterval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();

    /// <summary>The state of each type that can run here.</summary>
    private readonly Dictionary<string, LimitedType> types = new(StringComparer.Ordinal);

    private bool hasWaiters;

    /// <summary>Set when permits are to be granted earlier than was known before.</summary>
    public Signal Signal { get; } = new(clock);

    /// <summary>When to grant permits next.</summary>
    public TimeSpan NextPoll
    {
        get
        {
            lock (gate)
            {
                return types.Count == 0
                    ? clock.Monotonic + options.CheckDbInterval
                    : types.Values.Min(type => type.NextPoll);
            }
        }
    }

    /// <summary>The types that are due, including new ones. Types that can no longer run here are removed.</summary>
    public List<string> Due()
    {
        var now = clock.Monotonic;
        var names = registry.Runnable.Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
        lock (gate)
        {
            foreach (var gone in types.Keys.Where(name => !names.Contains(name)).ToList())
            {
                types.Remove(gone);
            }

            return [.. names.Where(name => TypeOf(name).NextPoll <= now)];
        }
    }

    /// <summary>Checks committed changes for workflows that have requested or returned a permit.</summary>
    public void Notice(IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.NeedsPermit && change.NextActivation is { } due)
            {
                NoticeRequest(change, ToMonotonic(due));
            }

            // A workflow that parks under a limit has returned a permit and requests the next one. A new workflow has only requested one.
            // The end of a hold is noticed even without waiters, to measure its duration.
            if (change.PreviousState is not null && (change.ExecutorId is null || Volatile.Read(ref hasWaiters)))
            {
                LookForReturned(change);
            }
        }
    }

    /// <summary>Handles a hint from another process about a workflow that may need a permit.</summary>
    /// <returns>Whether all workflows of its type need permits, so the dispatcher cannot claim it.</returns>
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
                // A hint has no state. It may concern a state that is full, so hints are delayed while any state is.
                var (due, later) = (ToMonotonic(hint.Due), clock.Monotonic + HintInterval);
                LookAt(type, type.HasFullStates && due < later ? later : due);
            }

            return type.NeedsAlways;
        }
    }

    /// <summary>Handles the end of a run that was claimed with a permit.</summary>
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

    /// <summary>Makes all types due immediately.</summary>
    public void PollNow()
    {
        lock (gate)
        {
            foreach (var type in types.Values)
            {
                type.Forget();
            }
        }

        Signal.Set();
    }

    /// <summary>Called before permits of a type are claimed.</summary>
    public void BeginClaim(string name)
    {
        lock (gate)
        {
            TypeOf(name).BeginClaim(clock.Monotonic);
        }
    }

    /// <summary>Makes a type due immediately, because its permits were not claimed.</summary>
    public void ClaimAgain(string name)
    {
        lock (gate)
        {
            TypeOf(name).NextPoll = TimeSpan.MinValue;
        }
    }

    /// <summary>Makes a type due again after a pause, because its turn has ended before all permits were claimed.</summary>
    public void EndTurn(string name)
    {
        lock (gate)
        {
            SetHasWaiters(TypeOf(name));
            LookAt(TypeOf(name), clock.Monotonic + PollInterval);
        }
    }

    /// <summary>Records granted permits.</summary>
    public void BeginHolds(string name, IReadOnlyList<WorkflowRecord> claimed)
    {
        lock (gate)
        {
            TypeOf(name).Holds.Begin(claimed);
        }
    }

    /// <summary>Stores the result, and sets when to run again unless something earlier has been noticed meanwhile.</summary>
    public void Settle(string type, LimitedClaimResult result, LimitSet allowed)
    {
        var latest =
            clock.Monotonic
            + (
                result.HasWaiters && PollInterval < options.CheckDbInterval ? PollInterval
                : result.HasWaiters && !allowed.IsEmpty ? options.CheckDbInterval
                : crowd.Stretched(
                    allowed.IsEmpty && options.CheckDbInterval < IdlePollInterval
                        ? IdlePollInterval
                        : options.CheckDbInterval
                )
            );
        var next = result.NextPoll is { } look && ToMonotonic(look) < latest ? ToMonotonic(look) : latest;
        lock (gate)
        {
            var known = TypeOf(type);
            known.Settle(
                (!allowed.IsEmpty, allowed.OfType.Count > 0),
                result.HasWaiters,
                (result.IsFull, result.FullStates)
            );
            Volatile.Write(ref hasWaiters, types.Values.Any(other => other.HasWaiters));
            LookAt(known, next);
        }
    }

    private TimeSpan ToMonotonic(DateTimeOffset instant) => clock.Monotonic + (instant - clock.GetUtcNow());

    /// <summary>
    /// Handles a request for a permit. If none is left, it waits until one is returned, or for the next poll: permits returned in other
    /// processes are not noticed.
    /// </summary>
    private void NoticeRequest(WorkflowChange change, TimeSpan due)
    {
        lock (gate)
        {
            if (types.TryGetValue(change.WorkflowType, out var type))
            {
                SetHasWaiters(type);
                var later = clock.Monotonic + PollInterval;
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

    /// <summary>Makes a type due at this instant, unless it already is earlier. The caller holds the lock.</summary>
    private void LookAt(LimitedType type, TimeSpan instant)
    {
        if (instant < type.NextPoll)
        {
            type.NextPoll = instant;
            Signal.Set();
        }
    }

    private void SetHasWaiters(LimitedType type)
    {
        type.HasWaiters = true;
        Volatile.Write(ref hasWaiters, true);
    }

    private LimitedType TypeOf(string name) =>
        types.TryGetValue(name, out var known) ? known : types[name] = new LimitedType();
}
