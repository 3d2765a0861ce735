using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>The limits of a workflow type.</summary>
/// <param name="OfType">Those that hold for all its states together.</param>
/// <param name="OfStates">Those that hold for single states besides.</param>
public sealed record LimitSet(
    IReadOnlyList<WorkflowLimit> OfType,
    IReadOnlyDictionary<string, IReadOnlyList<WorkflowLimit>> OfStates
)
{
    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => OfType.Count == 0 && OfStates.Count == 0;

    /// <summary>How many may have permits at once, at most, whatever their states.</summary>
    internal int MostAtOnce { get; } = MostOf(OfType);

    /// <summary>The same in one state.</summary>
    internal int MostIn(string state) => MostOf(OfStates.GetValueOrDefault(state, []));

    /// <summary>Whether as many have permits as may have at once, in whichever state somebody asks for one.</summary>
    internal bool IsFull(IReadOnlyList<UsedPermit> used) =>
        used.Count >= MostAtOnce
        || (OfType.Count == 0 && OfStates.Count > 0 && OfStates.Keys.All(state => IsFullIn(state, used)));

    /// <summary>Whether as many have permits in a state as may have at once there.</summary>
    internal bool IsFullIn(string state, IReadOnlyList<UsedPermit> used) =>
        used.Count(permit => permit.State == state) >= MostIn(state);

    private static int MostOf(IReadOnlyList<WorkflowLimit> limits) =>
        limits
            .Where(limit => limit is { Span: null, PerKey: false })
            .Select(limit => limit.Count)
            .DefaultIfEmpty(int.MaxValue)
            .Min();
}

/// <summary>A permit that is in use: a workflow with a limit that an executor owns.</summary>
/// <param name="State">Its state.</param>
/// <param name="Key">Its limit key.</param>
internal readonly record struct UsedPermit(string State, string Key);

/// <summary>A workflow that waits for a permit.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="State">Its state.</param>
/// <param name="Key">Its limit key.</param>
/// <param name="Due">Since or from when it is due.</param>
/// <param name="Rank">How many of the same state and key are due before it.</param>
internal readonly record struct PermitWaiter(long Id, string State, string Key, DateTimeOffset Due, int Rank);

/// <summary>
/// Where granting the permits of a type has got to. Keys take turns: a round goes through the keys in order, gives each one permit, and
/// skips what became due after the round began. So a workflow that is first of its key waits at most until the end of the next round.
/// </summary>
/// <param name="LastKey">The key that had the last permit.</param>
/// <param name="RoundBegan">When the round began.</param>
/// <param name="Rates">
/// For each rate, and each key of one that is counted by key, when all that was taken will have been given back. Instants in the past are left out.
/// </param>
internal sealed record LimitPosition(
    string LastKey,
    DateTimeOffset RoundBegan,
    IReadOnlyDictionary<string, DateTimeOffset> Rates
)
{
    /// <summary>Nothing was ever granted.</summary>
    public static LimitPosition Beginning { get; } =
        new("", DateTimeOffset.UnixEpoch, new Dictionary<string, DateTimeOffset>());
}

/// <summary>Who gets a permit.</summary>
/// <param name="Granted">The workflows, in this order.</param>
/// <param name="After">The position after that.</param>
/// <param name="NextToken">When the next may begin that a rate keeps back now; null when none does.</param>
/// <param name="IsFull">Whether no other key could have been granted a permit either.</param>
internal sealed record Grant(IReadOnlyList<long> Granted, LimitPosition After, DateTimeOffset? NextToken, bool IsFull);

/// <summary>Grants permits. Pure: the same permits in use, waiters, position and instant always give the same grant.</summary>
internal static class LimitRule
{
    /// <summary>Grants up to the wanted number of permits, never more than the limits allow.</summary>
    public static Grant Decide(
        LimitSet limits,
        IReadOnlyList<UsedPermit> used,
        IReadOnlyList<PermitWaiter> waiters,
        LimitPosition position,
        DateTimeOffset now,
        int most
    )
    {
        var tally = new Tally(limits, used, position.Rates, now);
        var granted = new List<long>();
        var (lastKey, began) = (position.LastKey, position.RoundBegan);
        var due = waiters.Where(waiter => waiter.Due <= now).Order(new InTurn(position)).ToList();
        var states = due.Select(waiter => waiter.State).Distinct().ToList();
        foreach (var waiter in due)
        {
            if (granted.Count == most || states.TrueForAll(tally.IsFull))
            {
                break;
            }

            if (tally.IsFull(waiter.State))
            {
                continue;
            }

            if (!InTurn.IsOfRound(waiter, position) && began == position.RoundBegan)
            {
                began = now;
            }

            lastKey = waiter.Key;
            if (tally.TryTake(waiter))
            {
                granted.Add(waiter.Id);
            }
        }

        // Before NextToken is read: looking at a rate that is used up sets it.
        var isFull = states.TrueForAll(tally.IsFull);
        return new Grant(granted, new LimitPosition(lastKey, began, tally.Rates), tally.NextToken, isFull);
    }

    /// <summary>The order of turns: what is left of this round, then the next rounds.</summary>
    private sealed class InTurn(LimitPosition position) : IComparer<PermitWaiter>
    {
        public static bool IsOfRound(PermitWaiter waiter, LimitPosition position) =>
            waiter.Rank == 0
            && string.CompareOrdinal(waiter.Key, position.LastKey) > 0
            && waiter.Due <= position.RoundBegan;

        public int Compare(PermitWaiter one, PermitWaiter other)
        {
            var byRound = RoundOf(one).CompareTo(RoundOf(other));
            var byKey = byRound != 0 ? byRound : string.CompareOrdinal(one.Key, other.Key);
            return byKey != 0 ? byKey : (one.Due, one.Id).CompareTo((other.Due, other.Id));
        }

        private int RoundOf(PermitWaiter waiter) => IsOfRound(waiter, position) ? 0 : waiter.Rank + 1;
    }

    /// <summary>What is in use, and what rates have given out.</summary>
    private sealed class Tally
    {
        private readonly LimitSet limits;
        private readonly DateTimeOffset now;
        private readonly Dictionary<(string? State, string? Key), int> running = [];
        private readonly Dictionary<string, DateTimeOffset> rates;

        public Tally(
            LimitSet limits,
            IReadOnlyList<UsedPermit> used,
            IReadOnlyDictionary<string, DateTimeOffset> rates,
            DateTimeOffset now
        )
        {
            this.limits = limits;
            this.now = now;
            this.rates = rates.Where(rate => rate.Value > now).ToDictionary(StringComparer.Ordinal);
            foreach (var permit in used)
            {
                Count(permit.State, permit.Key);
            }
        }

        public IReadOnlyDictionary<string, DateTimeOffset> Rates => rates;

        /// <summary>When the first of those may begin that a rate has kept back.</summary>
        public DateTimeOffset? NextToken { get; private set; }

        /// <summary>Whether a limit is used up that holds for all workflows in a state, whatever their keys.</summary>
        public bool IsFull(string state) =>
            limits.OfType.Index().Any(limit => !limit.Item.PerKey && !HasRoom(null, null, limit))
            || limits
                .OfStates.GetValueOrDefault(state, [])
                .Index()
                .Any(limit => !limit.Item.PerKey && !HasRoom(state, null, limit));

        public bool TryTake(PermitWaiter waiter)
        {
            var ofState = limits.OfStates.GetValueOrDefault(waiter.State, []);
            var hasRoom =
                limits.OfType.Index().All(limit => HasRoom(null, waiter.Key, limit))
                && ofState.Index().All(limit => HasRoom(waiter.State, waiter.Key, limit));
            if (hasRoom)
            {
                Count(waiter.State, waiter.Key);
                TakeTokens(null, waiter.Key, limits.OfType);
                TakeTokens(waiter.State, waiter.Key, ofState);
            }

            return hasRoom;
        }

        private void Count(string state, string key)
        {
            foreach (var place in new (string?, string?)[] { (null, null), (null, key), (state, null), (state, key) })
            {
                running[place] = running.GetValueOrDefault(place) + 1;
            }
        }

        private bool HasRoom(string? state, string? key, (int Index, WorkflowLimit Item) limit)
        {
            if (limit.Item.Span is not { } span)
            {
                return running.GetValueOrDefault((state, limit.Item.PerKey ? key : null)) < limit.Item.Count;
            }

            var full = rates.GetValueOrDefault(BucketOf(state, key, limit), now);
            var begins = full + (span / limit.Item.Count) - span;
            if (begins <= now)
            {
                return true;
            }

            NextToken = NextToken < begins ? NextToken : begins;
            return false;
        }

        private void TakeTokens(string? state, string key, IReadOnlyList<WorkflowLimit> all)
        {
            foreach (var limit in all.Index())
            {
                if (limit.Item.Span is { } span)
                {
                    var bucket = BucketOf(state, key, limit);
                    rates[bucket] = rates.GetValueOrDefault(bucket, now) + (span / limit.Item.Count);
                }
            }
        }

        private static string BucketOf(string? state, string? key, (int Index, WorkflowLimit Item) limit) =>
            $"{state}\n{limit.Index}\n{(limit.Item.PerKey ? key : null)}";
    }
}
