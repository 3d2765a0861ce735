using System.Data.Common;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Writes batches, for every store: plans them with <see cref="WorkflowRule"/> and lets the store write the rows. Rows that are known well
/// enough are written at once, guarded by lease and revision. Otherwise the rows are locked, read, planned again, and written in the same
/// transaction.
/// </summary>
internal sealed class StoreWriter(IRowStore rows)
{
    private const int ExternalIdRaces = 5;

    public async Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        var withCallback = batch.Events.Where(each => each.OnCommit is not null).ToList();
        if (withCallback.Count > 0 && batch.Creates.Count + batch.Events.Count > 1)
        {
            return await WriteApartAsync(batch, cancellation);
        }

        if (
            withCallback.Count == 0
            && DirectWrite.TryPlan(batch) is { } direct
            && await rows.TryWriteAsync(direct.Rows, cancellation)
        )
        {
            return direct.Result();
        }

        for (var race = 1; ; race++)
        {
            try
            {
                return await rows.InTransactionAsync(
                    transaction => WriteLockedAsync(transaction, batch, cancellation),
                    cancellation
                );
            }
            catch (RejectedEventException rejected)
            {
                return new WriteResult([], [rejected.Outcome], []);
            }
            catch (Exception taken) when (rows.IsExternalIdTaken(taken) && race < ExternalIdRaces)
            {
                // Another transaction inserted it at the same time; the next attempt finds it.
            }
        }
    }

    /// <summary>Writes a batch in a transaction of the caller.</summary>
    public Task<WriteResult> WriteWithinAsync(
        DbTransaction transaction,
        WriteBatch batch,
        CancellationToken cancellation
    ) => rows.WithinAsync(transaction, within => WriteLockedAsync(within, batch, cancellation), cancellation);

    /// <summary>An event with a callback may have to be rolled back, so it has its own transaction.</summary>
    private async Task<WriteResult> WriteApartAsync(WriteBatch batch, CancellationToken cancellation)
    {
        var plain = batch.Events.Where(each => each.OnCommit is null).ToList();
        var together = await WriteAsync(batch with { Events = plain }, cancellation);
        var outcomes = new Queue<EventOutcome>(together.Events);
        var changes = new List<WorkflowChange>(together.Changes);
        var events = new List<EventOutcome>(batch.Events.Count);
        foreach (var each in batch.Events)
        {
            if (each.OnCommit is null)
            {
                events.Add(outcomes.Dequeue());
                continue;
            }

            var alone = await WriteAsync(batch with { Creates = [], Events = [each] }, cancellation);
            events.Add(alone.Events[0]);
            changes.AddRange(alone.Changes);
        }

        return new WriteResult(together.Creates, events, changes);
    }

    /// <summary>Writes a batch in a transaction that the caller commits.</summary>
    public async Task<WriteResult> WriteLockedAsync(
        IRowTransaction transaction,
        WriteBatch batch,
        CancellationToken cancellation,
        Action<WorkflowRecord>? seen = null
    )
    {
        var externalIds = batch
            .Creates.SelectMany(FamilyOf)
            .Select(member => member.ExternalId)
            .Concat(batch.Events.SelectMany(ChildrenOf).Select(child => child.ExternalId))
            .ToHashSet(StringComparer.Ordinal);
        var taken =
            externalIds.Count == 0
                ? []
                : (await transaction.FindExternalIdsAsync(externalIds, cancellation)).ToDictionary(
                    found => found.ExternalId,
                    StringComparer.Ordinal
                );
        var withVariables = batch.Events.Any(each => each.Event.ReadsVariables);
        var ids = batch.Events.Select(each => each.WorkflowId).ToHashSet();
        var locked = ids.Count == 0 ? [] : await transaction.LockAsync(ids, withVariables, cancellation);
        if (seen is not null)
        {
            foreach (var row in locked)
            {
                seen(row);
            }
        }

        var plan = new WritePlan(locked.ToDictionary(row => row.Id), batch.Now);
        var created = new Dictionary<string, NewRow>(StringComparer.Ordinal);
        var creates = batch.Creates.Select(create => PlanCreate(create, plan, taken, created)).ToList();
        var repeated = await RepeatedSignalsAsync(transaction, batch, cancellation);
        var events = batch
            .Events.Select(each =>
                repeated.Contains(each)
                    ? new EventOutcome(EventVerdict.Committed, plan.Find(each.WorkflowId))
                    : PlanEvent(each, withVariables, plan, taken, created)
            )
            .ToList();
        foreach (var generation in plan.NewRows.GroupBy(row => row.Generation).OrderBy(rows => rows.Key))
        {
            NewRow[] rows = [.. generation];
            Array.ForEach(rows, row => row.TakeParent());
            await transaction.InsertAsync(rows, cancellation);
        }

        var set = new RowSet(batch.Now, batch.ExecutorId);
        plan.FillIn(set);
        set.Changes = plan.Changes();
        await transaction.WriteAsync(set, cancellation);
        if (batch.Events is [{ OnCommit: { } callback }] && events[0].Verdict == EventVerdict.Committed)
        {
            try
            {
                await transaction.RunAsync(callback, cancellation);
            }
            catch (Exception failure) when (!IsTransientFailure(failure, cancellation))
            {
                throw new RejectedEventException(
                    new EventOutcome(
                        EventVerdict.Rejected,
                        locked.First(row => row.Id == ids.First()),
                        failure is CallbackFailedException failed ? failed.Failure : failure
                    )
                );
            }
        }

        return new WriteResult([.. creates.Select(outcome => outcome())], events, set.Changes);
    }

    /// <summary>The events that send a signal with a key that its workflow has already received.</summary>
    private static async Task<HashSet<EventFor>> RepeatedSignalsAsync(
        IRowTransaction transaction,
        WriteBatch batch,
        CancellationToken cancellation
    )
    {
        var repeated = new HashSet<EventFor>(ReferenceEqualityComparer.Instance);
        var sent = new HashSet<(long, string)>();
        foreach (var each in batch.Events)
        {
            if (
                each.Event is Signalled { Signal.Key: { } key }
                && (
                    !sent.Add((each.WorkflowId, key))
                    || await transaction.HasSignalAsync(each.WorkflowId, key, cancellation)
                )
            )
            {
                repeated.Add(each);
            }
        }

        return repeated;
    }

    /// <summary>
    /// Whether a failure is no fault of the event, which is then written again: a lost connection, a deadlock, or a cancelled call. Only
    /// exceptions that the store itself considers transient count, not a callback that has exceeded its time limit. Inner exceptions count
    /// too, because Entity Framework wraps those of the driver.
    /// </summary>
    private bool IsTransientFailure(Exception failure, CancellationToken cancellation) =>
        failure is not CallbackFailedException
        && (
            CausesOf(failure).Any(rows.IsTransient)
            || (failure is OperationCanceledException && cancellation.IsCancellationRequested)
        );

    private static IEnumerable<Exception> CausesOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static Func<CreateOutcome> PlanCreate(
        NewWorkflow create,
        WritePlan plan,
        Dictionary<string, TakenExternalId> taken,
        Dictionary<string, NewRow> created
    )
    {
        // A family is imported completely or not at all. The import finds out whether an existing workflow is the same.
        if (
            create.Arrival is not null
            && FamilyOf(create)
                .Select(member => member.ExternalId)
                .FirstOrDefault(id => taken.ContainsKey(id) || created.ContainsKey(id))
                is { } inUse
        )
        {
            throw new ExternalIdInUseException(inUse);
        }

        if (taken.TryGetValue(create.ExternalId, out var found))
        {
            var isOwn = create.Token != 0 && create.Token == found.Token;
            return () => new CreateOutcome(found.WorkflowId, Existed: !isOwn);
        }

        if (created.TryGetValue(create.ExternalId, out var earlier))
        {
            return () => new CreateOutcome(earlier.Row.Id, Existed: true);
        }

        var first = plan.NewRows.Count;
        var row = plan.Create(create);
        foreach (var member in plan.NewRows.Skip(first))
        {
            created.Add(member.Row.ExternalId, member);
        }

        return () => new CreateOutcome(row.Row.Id, Existed: false);
    }

    private static EventOutcome PlanEvent(
        EventFor each,
        bool withVariables,
        WritePlan plan,
        Dictionary<string, TakenExternalId> taken,
        Dictionary<string, NewRow> created
    )
    {
        if (plan.Find(each.WorkflowId) is not { } before)
        {
            return new EventOutcome(each.Event is HolderEvent ? EventVerdict.LeaseLost : EventVerdict.NotFound);
        }

        // Locked rows are read without variables unless an event of the batch needs them. The caller that planned the step has them.
        if (!withVariables && each.Known is { } known && known.Lease == before.Lease)
        {
            before = before with { StateVars = known.StateVars };
        }

        switch (plan.Decide(before, each.Event))
        {
            case Ruling.Refused { Reason: Refusal.FaultyVariable, Expected: var expected }:
                return new EventOutcome(EventVerdict.Rejected, before, new InvalidVariableException(expected!));
            case Ruling.Refused refused:
                return new EventOutcome(VerdictOf(refused.Reason), before);
            case Ruling.Removed:
                plan.Remove(before);
                return new EventOutcome(EventVerdict.Committed, before);
            case Ruling.Written written when ExternalIdInUse(written.Children, taken, created) is { } inUse:
                return new EventOutcome(
                    EventVerdict.Rejected,
                    before,
                    new InvalidOperationException(
                        $"The external id '{inUse}' of a child already belongs to another workflow."
                    )
                );
            case Ruling.Written written:
                var firstChild = plan.NewRows.Count;
                var after = plan.Apply(before, written);
                foreach (var child in plan.NewRows.Skip(firstChild))
                {
                    created.Add(child.Row.ExternalId, child);
                }

                return new EventOutcome(EventVerdict.Committed, after);
            default:
                throw new InvalidOperationException("A ruling writes, removes or refuses.");
        }
    }

    private static EventVerdict VerdictOf(Refusal reason) =>
        reason switch
        {
            Refusal.LeaseLost => EventVerdict.LeaseLost,
            Refusal.WrongState => EventVerdict.WrongState,
            _ => EventVerdict.Conflict,
        };

    private static string? ExternalIdInUse(
        IReadOnlyList<NewWorkflow> children,
        Dictionary<string, TakenExternalId> taken,
        Dictionary<string, NewRow> created
    )
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        return children
            .FirstOrDefault(child =>
                !own.Add(child.ExternalId)
                || taken.ContainsKey(child.ExternalId)
                || created.ContainsKey(child.ExternalId)
            )
            ?.ExternalId;
    }

    /// <summary>A new workflow and all descendants that are created with it, the workflow itself first.</summary>
    private static IEnumerable<NewWorkflow> FamilyOf(NewWorkflow create) =>
        create.Arrival is { Children.Count: > 0 } arrival
            ? arrival.Children.SelectMany(FamilyOf).Prepend(create)
            : [create];

    private static IReadOnlyList<NewWorkflow> ChildrenOf(EventFor each) =>
        each.Event is StepSucceeded success ? success.Children : [];

    /// <summary>Thrown to roll back a transaction whose callback has failed.</summary>
    private sealed class RejectedEventException(EventOutcome outcome) : Exception
    {
        public EventOutcome Outcome { get; } = outcome;
    }
}
