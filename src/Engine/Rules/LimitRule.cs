using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>The limits of a workflow type.</summary>
/// <param name="OfType">The limits that apply to all its states together.</param>
/// <param name="OfStates">The additional limits of single states.</param>
public sealed record LimitSet(
    IReadOnlyList<WorkflowLimit> OfType,
    IReadOnlyDictionary<string, IReadOnlyList<WorkflowLimit>> OfStates
)
{
    /// <summary>Whether there are no limits.</summary>
    public bool IsEmpty => OfType.Count == 0 && OfStates.Count == 0;

    /// <summary>The maximum number of concurrent permits over all states, apart from per-key limits.</summary>
    internal int MostAtOnce { get; } = MostOf(OfType);

    /// <summary>The maximum number of concurrent permits in one state, apart from per-key limits.</summary>
    internal int MostIn(string state) => MostOf(OfStates.GetValueOrDefault(state, []));

    /// <summary>
    /// Whether the concurrency limits of the type, or of all its limited states, are reached. Rates and per-key limits are not considered.
    /// </summary>
    internal bool IsFull(IReadOnlyList<UsedPermit> used) =>
        used.Count >= MostAtOnce
        || (OfType.Count == 0 && OfStates.Count > 0 && OfStates.Keys.All(state => IsFullIn(state, used)));

    /// <summary>Whether the concurrency limit of one state is reached. Rates and per-key limits are not considered.</summary>
    internal bool IsFullIn(string state, IReadOnlyList<UsedPermit> used) =>
        used.Count(permit => permit.State == state) >= MostIn(state);

    private static int MostOf(IReadOnlyList<WorkflowLimit> limits) =>
        limits
            .Where(limit => limit is { Span: null, PerKey: false })
            .Select(limit => limit.Count)
            .DefaultIfEmpty(int.MaxValue)
            .Min();
}

/// <summary>A permit in use: a workflow that an executor owns, in a state with a limit.</summary>
/// <param name="State">Its state.</param>
/// <param name="Key">Its limit key.</param>
internal readonly record struct UsedPermit(string State, string Key);

/// <summary>A workflow that waits for a permit.</summary>
/// <param name="Id">The id of the workflow.</param>
/// <param name="State">Its state.</param>
/// <param name="Key">Its limit key.</param>
/// <param name="Due">When it is or was due.</param>
/// <param name="Rank">How many workflows with the same state and key are due before it.</param>
internal readonly record struct PermitWaiter(long Id, string State, string Key, DateTimeOffset Due, int Rank);

/// <summary>
/// The position of permit granting for a type. Keys take turns: a round walks through the keys in order, grants one permit to each, and
/// skips workflows that became due after the round began. So the first workflow of a key waits at most until the end of the next round.
/// </summary>
/// <param name="LastKey">The key that got the last permit.</param>
/// <param name="RoundBegan">When the current round began.</param>
/// <param name="Rates">
/// For each rate limit (and each key of a per-key rate limit), the instant at which everything taken will have been replenished. Instants
/// in the past are left out.
/// </param>
internal sealed record LimitPosition(
    string LastKey,
    DateTimeOffset RoundBegan,
    IReadOnlyDictionary<string, DateTimeOffset> Rates
)
{
    /// <summary>The position before any permit was granted.</summary>
    public static LimitPosition Beginning { get; } =
        new("", DateTimeOffset.UnixEpoch, new Dictionary<string, DateTimeOffset>());
}

/// <summary>The permits to grant.</summary>
/// <param name="Granted">The ids of the workflows, in the order of granting.</param>
/// <param name="After">The position afterwards.</param>
/// <param name="NextToken">When a rate limit allows the next start, or null if no rate limit holds a workflow back.</param>
/// <param name="IsFull">Whether no permit could have been granted to any other key either.</param>
internal sealed record Grant(IReadOnlyList<long> Granted, LimitPosition After, DateTimeOffset? NextToken, bool IsFull);

/// <summary>Grants permits. A pure function of the limits, the permits in use, the waiters, the position and the instant.</summary>
internal static class LimitRule
{
    /// <summary>Grants up to the requested number of permits, and never more than the limits allow.</summary>
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

        // Must run before NextToken is read, because checking an exhausted rate sets it.
        var isFull = states.TrueForAll(tally.IsFull);
        return new Grant(granted, new LimitPosition(lastKey, began, tally.Rates), tally.NextToken, isFull);
    }

    /// <summary>The order of turns: the rest of the current round, then the next rounds.</summary>
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

    /// <summary>Counts the permits in use and the tokens taken from rates.</summary>
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

        /// <summary>The earliest instant at which a rate limit allows a workflow that it has held back.</summary>
        public DateTimeOffset? NextToken { get; private set; }

        /// <summary>Whether a limit without keys that applies to a state is exhausted.</summary>
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
