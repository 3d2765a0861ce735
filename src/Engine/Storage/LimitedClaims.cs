using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A request for due workflows of a type that need permits.</summary>
/// <param name="ExecutorId">Who takes them.</param>
/// <param name="WorkflowType">The type.</param>
/// <param name="Versions">The versions that it can run.</param>
/// <param name="ExecutorGroups">Its groups.</param>
/// <param name="Limits">The limits that hold.</param>
/// <param name="Limit">The most workflows to take.</param>
/// <param name="Now">Due means at or before this instant.</param>
public sealed record LimitedClaimRequest(
    long ExecutorId,
    string WorkflowType,
    IReadOnlyList<string> Versions,
    IReadOnlyList<string> ExecutorGroups,
    LimitSet Limits,
    int Limit,
    DateTimeOffset Now
)
{
    /// <summary>Due means at or before this instant.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();

    /// <summary>Where workflows that it can take may wait.</summary>
    internal IEnumerable<PermitPlace> Places =>
        from version in Versions.Distinct()
        from executorGroup in ExecutorGroups.Distinct()
        select new PermitPlace(new DefinitionKey(WorkflowType, version), executorGroup);
}

/// <summary>What was taken under limits.</summary>
/// <param name="Claimed">The workflows as they are after the claim, first to run first.</param>
/// <param name="DueSince">Since when each of them was due.</param>
/// <param name="Changes">The same, as changes.</param>
public sealed record LimitedClaimResult(
    IReadOnlyList<WorkflowRecord> Claimed,
    IReadOnlyList<DateTimeOffset> DueSince,
    IReadOnlyList<WorkflowChange> Changes
)
{
    /// <summary>When to look again, as far as is known: something is due then, or a rate lets the next begin.</summary>
    public DateTimeOffset? NextLook { get; init; }

    /// <summary>Whether some are due that got none.</summary>
    public bool HasWaiters { get; init; }

    /// <summary>Whether no permit can be granted in any state until one is free again.</summary>
    public bool IsFull { get; init; }

    /// <summary>The states in which some wait, and none can be granted a permit until one is free again.</summary>
    internal IReadOnlyList<string> FullStates { get; init; } = [];

    /// <summary>Whether another look may find more at once.</summary>
    public bool IsMore { get; init; }

    internal static LimitedClaimResult Nothing { get; } = new([], [], []);
}

/// <summary>Where workflows wait for permits.</summary>
internal readonly record struct PermitPlace(DefinitionKey Definition, string ExecutorGroup);

/// <summary>The first workflow of a key that waits for a permit.</summary>
internal readonly record struct FirstOfKey(string Key, long Id, DateTimeOffset Due);

/// <summary>Claims under limits, for every store: the type is locked from the grant of its permits until they are written.</summary>
internal sealed class LimitedClaims(IRowStore rows)
{
    /// <summary>Keys beyond those that can be granted, for some may have as many permits as they may; those come late in a round.</summary>
    private const int SpareKeys = 16;

    /// <summary>MySQL makes at most 1,000 steps in one recursion.</summary>
    private const int MostKeys = 900;

    private readonly StoreWriter writer = new(rows);

    /// <summary>Takes due workflows that need permits.</summary>
    public Task<LimitedClaimResult> ClaimAsync(LimitedClaimRequest request, CancellationToken cancellation) =>
        rows.InTransactionAsync(transaction => ClaimAsync(transaction, request, cancellation), cancellation);

    private async Task<LimitedClaimResult> ClaimAsync(
        IRowTransaction transaction,
        LimitedClaimRequest request,
        CancellationToken cancellation
    )
    {
        var lanes = new List<(PermitPlace Place, string State)>();
        foreach (var place in request.Places)
        {
            var waiting = await transaction.WaitingStatesAsync(place, cancellation);
            lanes.AddRange(waiting.Select(state => (place, state)));
        }

        if (lanes.Count == 0)
        {
            return LimitedClaimResult.Nothing;
        }

        var position = await transaction.LockLimitsAsync(request.WorkflowType, cancellation);
        var used = await transaction.UsedPermitsAsync(request.WorkflowType, cancellation);
        string[] states = [.. lanes.Select(lane => lane.State).Distinct()];
        var isAnyStateFull = lanes.RemoveAll(lane => request.Limits.IsFullIn(lane.State, used)) > 0;
        var room = lanes.Select(lane => lane.State).Distinct().Sum(RoomIn);
        var wanted = (int)long.Min(long.Min(request.Limit, request.Limits.MostAtOnce - used.Count), room);
        if (wanted <= 0)
        {
            return LimitedClaimResult.Nothing with
            {
                HasWaiters = true,
                IsFull = request.Limits.IsFull(used),
                FullStates = FullIn(used),
            };
        }

        var walk = new Walk(transaction, request, lanes, wanted, int.Min((2 * wanted) + SpareKeys, MostKeys));
        await walk.FindWaitersAsync(position.LastKey, cancellation);
        var grant = LimitRule.Decide(request.Limits, used, walk.Waiters, position, request.Now, wanted);
        var written = await WriteAsync(transaction, request, grant, cancellation);
        if (grant.Granted.Count > 0 || (grant.After with { Rates = position.Rates }) != position)
        {
            await transaction.WriteLimitsAsync(request.WorkflowType, grant.After, cancellation);
        }

        var due = walk.Waiters.Count(waiter => waiter.Due <= request.Now);
        UsedPermit[] usedNow = [.. used, .. walk.PermitsOf(grant.Granted)];
        return written with
        {
            NextLook = Earlier(grant.NextToken, walk.NextDue),
            // The walk leaves out states that are full, and one that got its whole limit has not looked any further.
            HasWaiters = isAnyStateFull || due > written.Claimed.Count || grant.Granted.Count == wanted,
            IsFull = due > 0 && request.Limits.IsFull(usedNow),
            FullStates = FullIn(usedNow),
            IsMore = !grant.IsFull && (grant.Granted.Count == request.Limit || !walk.IsWhole),
        };

        long RoomIn(string state) => request.Limits.MostIn(state) - used.Count(permit => permit.State == state);

        IReadOnlyList<string> FullIn(IReadOnlyList<UsedPermit> permits) =>
            [.. states.Where(state => request.Limits.IsFullIn(state, permits))];
    }

    private async Task<LimitedClaimResult> WriteAsync(
        IRowTransaction transaction,
        LimitedClaimRequest request,
        Grant grant,
        CancellationToken cancellation
    )
    {
        if (grant.Granted.Count == 0)
        {
            return LimitedClaimResult.Nothing;
        }

        var claim = new Claimed(request.ExecutorId) { WithPermit = true };
        var batch = new WriteBatch(
            [],
            [.. grant.Granted.Select(id => new EventFor(id, claim))],
            request.ExecutorId,
            request.Now
        );
        var dueSince = new Dictionary<long, DateTimeOffset>();
        var result = await writer.WriteLockedAsync(
            transaction,
            batch,
            cancellation,
            row => dueSince[row.Id] = row.NextActivation ?? request.Now
        );
        WorkflowRecord[] claimed =
        [
            .. result
                .Events.Where(outcome => outcome is { Verdict: EventVerdict.Committed, Workflow: not null })
                .Select(outcome => outcome.Workflow!),
        ];
        return new LimitedClaimResult(claimed, [.. claimed.Select(row => dueSince[row.Id])], result.Changes);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;

    /// <summary>A walk through the keys, from one on and round to it again.</summary>
    private sealed class Walk(
        IRowTransaction transaction,
        LimitedClaimRequest request,
        IReadOnlyList<(PermitPlace Place, string State)> lanes,
        int wanted,
        int most
    )
    {
        private readonly Dictionary<long, PermitWaiter> found = [];

        public IReadOnlyList<PermitWaiter> Waiters => [.. found.Values];

        /// <summary>The permits of some of them.</summary>
        public IEnumerable<UsedPermit> PermitsOf(IReadOnlyList<long> granted) =>
            granted.Select(id => new UsedPermit(found[id].State, found[id].Key));

        /// <summary>Whether it has seen every key.</summary>
        public bool IsWhole { get; private set; } = true;

        /// <summary>When the first is due of those that are not; null when that is not known.</summary>
        public DateTimeOffset? NextDue =>
            IsWhole
                ? found
                    .Values.Where(waiter => waiter.Due > request.Now)
                    .Select(waiter => (DateTimeOffset?)waiter.Due)
                    .Min()
                : null;

        public async Task FindWaitersAsync(string from, CancellationToken cancellation)
        {
            foreach (var (place, state) in lanes)
            {
                var ahead = from.Length == 0 ? [] : await FirstAsync(place, state, from, cancellation);
                if (ahead.Count < most)
                {
                    var all = await FirstAsync(place, state, after: null, cancellation);
                    IsWhole &= all.Count < most;
                    Add(state, ahead);
                    Add(state, all);
                }
                else
                {
                    IsWhole = false;
                    Add(state, ahead);
                }
            }

            if (!IsWhole && DueKeys() < wanted)
            {
                await FindDueAsync(from, cancellation);
            }

            await FillAsync(cancellation);
        }

        /// <summary>The first keys may all wait for later, while others behind them are due.</summary>
        private async Task FindDueAsync(string from, CancellationToken cancellation)
        {
            foreach (var (place, state) in lanes)
            {
                var behind = await DueAsync(place, state, from, cancellation);
                var others = behind.Count < most ? await DueAsync(place, state, after: null, cancellation) : [];
                foreach (var key in behind.Concat(others).GroupBy(waiter => waiter.Key, StringComparer.Ordinal))
                {
                    foreach (var (rank, waiter) in key.DistinctBy(waiter => waiter.Id).Index())
                    {
                        found.TryAdd(waiter.Id, new PermitWaiter(waiter.Id, state, key.Key, waiter.Due, rank));
                    }
                }
            }
        }

        private int DueKeys() => found.Values.Count(waiter => waiter.Due <= request.Now);

        private Task<IReadOnlyList<FirstOfKey>> DueAsync(
            PermitPlace place,
            string state,
            string? after,
            CancellationToken cancellation
        ) => transaction.DueWaitersAsync(new WaiterSearch(place, state, after, request.Now, most), cancellation);

        /// <summary>Where there are fewer keys than permits, a key may get several.</summary>
        private async Task FillAsync(CancellationToken cancellation)
        {
            var keys = DueKeys();
            if (keys == 0 || keys >= wanted)
            {
                return;
            }

            var each = (wanted + keys - 1) / keys;
            foreach (var (place, state) in lanes)
            {
                foreach (
                    var key in found
                        .Values.Where(waiter => waiter.State == state && waiter.Due <= request.Now && waiter.Rank == 0)
                        .Select(waiter => waiter.Key)
                        .Distinct()
                        .ToList()
                )
                {
                    var next = await transaction.WaitersAsync(place, state, key, each, cancellation);
                    foreach (var (rank, waiter) in next.Index())
                    {
                        found.TryAdd(waiter.Id, new PermitWaiter(waiter.Id, state, key, waiter.Due, rank));
                    }
                }
            }
        }

        private Task<IReadOnlyList<FirstOfKey>> FirstAsync(
            PermitPlace place,
            string state,
            string? after,
            CancellationToken cancellation
        ) => transaction.FirstWaitersAsync(place, state, after, most, cancellation);

        private void Add(string state, IReadOnlyList<FirstOfKey> firsts)
        {
            foreach (var first in firsts)
            {
                found.TryAdd(first.Id, new PermitWaiter(first.Id, state, first.Key, first.Due, Rank: 0));
            }
        }
    }
}
