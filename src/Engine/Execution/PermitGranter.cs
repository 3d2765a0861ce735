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
    /// <summary>While some wait for permits that other processes have, their end is not heard here.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>A type has no limits now, but workflows may wait for permits since another version had some.</summary>
    private static readonly TimeSpan BetweenIdleLooks = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What is given back within this part of the time for which a permit is held is granted together, so that many short transactions do
    /// not hold up the commits of all other workflows. A permit lies idle for half of it on average.
    /// </summary>
    private const double GatheredPart = 0.2;

    /// <summary>It is granted together within no more than this.</summary>
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(100);

    /// <summary>So many looks in a row that find nobody to grant a permit end a turn.</summary>
    private const int FruitlessLooks = 20;

    private readonly Lock gate = new();
    private readonly Signal signal = new(clock);

    /// <summary>When to look at each type, by the monotonic clock.</summary>
    private readonly Dictionary<string, TimeSpan> looks = new(StringComparer.Ordinal);

    /// <summary>When a permit that is given back is worth a look, by type and by the monotonic clock.</summary>
    private readonly Dictionary<string, TimeSpan> gathering = new(StringComparer.Ordinal);

    /// <summary>How long permits are held, by type.</summary>
    private readonly Dictionary<string, PermitHolds> holds = new(StringComparer.Ordinal);

    /// <summary>The types that had limits at the last look, and whether these hold for all their states.</summary>
    private readonly Dictionary<string, bool> limited = new(StringComparer.Ordinal);

    /// <summary>The types that had no permit left at the last look: who asks for one then has to wait until one is given back.</summary>
    private readonly HashSet<string> full = new(StringComparer.Ordinal);

    /// <summary>The types of which some are known to wait.</summary>
    private readonly HashSet<string> waiting = new(StringComparer.Ordinal);

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
                LookAt(change.WorkflowType, ToMonotonic(due), asksForPermit: true);
            }

            // One that parks under a limit asks for a permit, and has given one back; one that is new has only asked.
            if (Volatile.Read(ref somebodyWaits) && change.PreviousState is not null)
            {
                LookAtReturned(change);
            }
        }
    }

    /// <summary>Another process has left something that may need a permit.</summary>
    /// <returns>Whether all of its type needs permits, so that nobody else can take it.</returns>
    public bool Notice(DueHint hint)
    {
        var type = hint.Definition.Name;
        bool needsAll;
        lock (gate)
        {
            var isLimited = limited.TryGetValue(type, out needsAll);
            if (full.Contains(type) || !(isLimited || waiting.Contains(type)))
            {
                return needsAll;
            }
        }

        LookAt(type, ToMonotonic(hint.Due), asksForPermit: false, isKnown: true);
        return needsAll;
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

    /// <summary>Looks at every type at once.</summary>
    public void LookNow()
    {
        lock (gate)
        {
            looks.Clear();
            gathering.Clear();
            foreach (var held in holds.Values)
            {
                held.Clear();
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
        for (var fruitless = 0; fruitless < FruitlessLooks; )
        {
            var slots = TakeSlots(allowed);
            if (slots == 0)
            {
                SetLook(type, TimeSpan.MinValue);
                return;
            }

            // What is noticed from here on counts on top of what the claim itself finds.
            BeginLook(type);
            var result = await ClaimAsync(type, executorId, slots, allowed);
            if (!result.IsMore)
            {
                Settle(type, result, allowed);
                return;
            }

            fruitless += result.Claimed.Count == 0 ? 1 : 0;
        }

        LookAt(type, clock.Monotonic + BetweenLooks, asksForPermit: true);
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
            if (!result.HasWaiters && looks.TryGetValue(type, out var noticed) && noticed == TimeSpan.MaxValue)
            {
                waiting.Remove(type);
            }
            else
            {
                waiting.Add(type);
            }

            Volatile.Write(ref somebodyWaits, waiting.Count > 0);
            if (allowed.IsEmpty)
            {
                limited.Remove(type);
            }
            else
            {
                limited[type] = allowed.OfType.Count > 0;
            }

            _ = result.IsFull ? full.Add(type) : full.Remove(type);
        }

        LookAt(type, next, asksForPermit: false, isKnown: true);
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
                HoldsOf(type).Begin(result.Claimed);
            }

            feed.Publish(result.Changes);
            start(result.Claimed);
            return result;
        }
        catch
        {
            SetLook(type, TimeSpan.MinValue);
            throw;
        }
        finally
        {
            running.Return(returned);
            slotsReturned();
            calls.End(call);
        }
    }

    /// <summary>Types that are due for a look; one that was never looked at is.</summary>
    private List<string> DueTypes()
    {
        var now = clock.Monotonic;
        var types = registry.Runnable.Select(key => key.Name).Distinct(StringComparer.Ordinal).ToList();
        lock (gate)
        {
            return types.FindAll(type => !looks.TryGetValue(type, out var at) || at <= now);
        }
    }

    private TimeSpan NextLook()
    {
        lock (gate)
        {
            return looks.Count == 0 ? clock.Monotonic + options.CheckDbInterval : looks.Values.Min();
        }
    }

    private TimeSpan ToMonotonic(DateTimeOffset instant) => clock.Monotonic + (instant - clock.GetUtcNow());

    private void LookAt(string type, TimeSpan instant, bool asksForPermit, bool isKnown = false)
    {
        lock (gate)
        {
            if (asksForPermit)
            {
                waiting.Add(type);
                Volatile.Write(ref somebodyWaits, true);
                if (full.Contains(type))
                {
                    return;
                }
            }

            if ((!isKnown && !waiting.Contains(type)) || !looks.TryGetValue(type, out var known) || known <= instant)
            {
                return;
            }

            looks[type] = instant;
        }

        signal.Set();
    }

    private void LookAtReturned(WorkflowChange change)
    {
        TimeSpan instant;
        lock (gate)
        {
            holds.GetValueOrDefault(change.WorkflowType)?.Notice(change);
            instant = gathering.GetValueOrDefault(change.WorkflowType, TimeSpan.MinValue);
        }

        LookAt(change.WorkflowType, instant > clock.Monotonic ? instant : clock.Monotonic, asksForPermit: false);
    }

    private void BeginLook(string type)
    {
        lock (gate)
        {
            looks[type] = TimeSpan.MaxValue;
            var gathered = HoldsOf(type).Mean * GatheredPart;
            gathering[type] = clock.Monotonic + (gathered < MostGathering ? gathered : MostGathering);
        }
    }

    private PermitHolds HoldsOf(string type) =>
        holds.TryGetValue(type, out var known) ? known : holds[type] = new PermitHolds();

    private void SetLook(string type, TimeSpan instant)
    {
        lock (gate)
        {
            looks[type] = instant;
        }
    }
}
