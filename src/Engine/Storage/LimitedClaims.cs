using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A request for due workflows of a type that need permits.</summary>
/// <param name="ExecutorId">The executor that claims them.</param>
/// <param name="WorkflowType">The type.</param>
/// <param name="Versions">The versions that it can run.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Limits">The limits of the type.</param>
/// <param name="Limit">The maximum number of workflows to take.</param>
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

    /// <summary>The places in which workflows that it can take may wait.</summary>
    internal IEnumerable<PermitPlace> Places =>
        from version in Versions.Distinct()
        from executorGroup in ExecutorGroups.Distinct()
        select new PermitPlace(new DefinitionKey(WorkflowType, version), executorGroup);
}

/// <summary>The result of a claim under limits.</summary>
/// <param name="Claimed">The workflows as they are after the claim, in the order in which to run them.</param>
/// <param name="DueSince">For each of them, in the same order, since when it was due.</param>
/// <param name="Changes">The same workflows, as changes.</param>
public sealed record LimitedClaimResult(
    IReadOnlyList<WorkflowRecord> Claimed,
    IReadOnlyList<DateTimeOffset> DueSince,
    IReadOnlyList<WorkflowChange> Changes
)
{
    /// <summary>When to claim again, as far as is known: something becomes due then, or a rate allows the next start.</summary>
    public DateTimeOffset? NextPoll { get; init; }

    /// <summary>Whether workflows are due that got no permit.</summary>
    public bool HasWaiters { get; init; }

    /// <summary>Whether no permit can be granted in any state until one is released.</summary>
    public bool IsFull { get; init; }

    /// <summary>The states in which workflows wait and no permit can be granted until one is released.</summary>
    internal IReadOnlyList<string> FullStates { get; init; } = [];

    /// <summary>Whether another claim may take more at once.</summary>
    public bool IsMore { get; init; }

    internal static LimitedClaimResult Nothing { get; } = new([], [], []);
}

/// <summary>A version of a definition and an executor group in which workflows wait for permits.</summary>
internal readonly record struct PermitPlace(DefinitionKey Definition, string ExecutorGroup);

/// <summary>The first workflow of a key that waits for a permit.</summary>
internal readonly record struct FirstOfKey(string Key, long Id, DateTimeOffset Due);

/// <summary>
/// Claims under limits, for every store. The limits of the type are locked from granting the permits until they are written.
/// </summary>
internal sealed class LimitedClaims(IRowStore rows)
{
    /// <summary>
    /// Keys to read beyond those that can be granted, because some may already have all their permits. Such keys come late in a round.
    /// </summary>
    private const int SpareKeys = 16;

    /// <summary>MySQL allows at most 1,000 steps in one recursion.</summary>
    private const int MostKeys = 900;

    private readonly StoreWriter writer = new(rows);

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
            NextPoll = Earlier(grant.NextToken, walk.NextDue),
            // The walk leaves out full states, and if everything wanted was granted, it has not read any further.
            HasWaiters = isAnyStateFull || due > written.Claimed.Count || grant.Granted.Count == wanted,
            IsFull = due > 0 && request.Limits.IsFull(usedNow),
            FullStates = FullIn(usedNow),
            IsMore = !grant.IsFull && (grant.Granted.Count == request.Limit || !walk.HasReadAllKeys),
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

    /// <summary>Walks through the keys, from one on and around to it again.</summary>
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

        /// <summary>The permits of the workflows that were granted one.</summary>
        public IEnumerable<UsedPermit> PermitsOf(IReadOnlyList<long> granted) =>
            granted.Select(id => new UsedPermit(found[id].State, found[id].Key));

        /// <summary>Whether all keys were read.</summary>
        public bool HasReadAllKeys { get; private set; } = true;

        /// <summary>
        /// When the next of the waiters that are not due yet is due; null if there is none, or if not all keys were read.
        /// </summary>
        public DateTimeOffset? NextDue =>
            HasReadAllKeys
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
                    HasReadAllKeys &= all.Count < most;
                    Add(state, ahead);
                    Add(state, all);
                }
                else
                {
                    HasReadAllKeys = false;
                    Add(state, ahead);
                }
            }

            if (!HasReadAllKeys && DueKeys() < wanted)
            {
                await FindDueAsync(from, cancellation);
            }

            await FillAsync(cancellation);
        }

        /// <summary>The first keys may all be due later, while keys behind them are due now.</summary>
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

        /// <summary>If there are fewer keys than permits, a key may get several.</summary>
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
