using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>
/// The rows of the in-memory store. A transaction holds the lock from beginning to end, and none of its steps waits. A transaction with an
/// author's callback is different: it does not hold the lock while the callback runs, and fails if a row that it has read has changed.
/// </summary>
/// <param name="tables">The rows.</param>
/// <param name="gate">The lock.</param>
/// <param name="log">The change log.</param>
/// <param name="audit">The audit log.</param>
/// <param name="besides">Begins a substitute for a database transaction, for a callback; null if there are no callbacks.</param>
internal sealed class InMemoryRows(
    InMemoryTables tables,
    Lock gate,
    InMemoryChangeLog log,
    InMemoryAuditLog audit,
    Func<DbTransaction>? besides
) : IRowStore
{
    public Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (rows.Running.Concat(rows.Ended).Any(HasMovedOn) || rows.Creates.Exists(IsTaken))
            {
                return Task.FromResult(false);
            }

            foreach (var create in rows.Creates)
            {
                create.Assign(tables.NextId());
                Reserve(create);
                rows.MoveToInserted(create);
            }

            tables.Write(rows);
            audit.Write(rows);
            log.Write(rows.AllChanges);
            return Task.FromResult(true);
        }
    }

    public Task<T> WithinAsync<T>(
        DbTransaction transaction,
        Func<IRowTransaction, Task<T>> work,
        CancellationToken cancellation
    ) => throw new NotSupportedException("The in-memory store cannot take part in a transaction; use a database.");

    public async Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation)
    {
        var transaction = new Transaction(this, tables);
        try
        {
            Task<T> working;
            lock (gate)
            {
                working = work(transaction);
                if (working.IsCompletedSuccessfully)
                {
                    transaction.Commit();
                    return working.Result;
                }
            }

            var result = await working;
            lock (gate)
            {
                transaction.Commit();
            }

            return result;
        }
        catch
        {
            transaction.Rollback();
            throw;
        }
    }

    public bool IsExternalIdTaken(Exception exception) => false;

    public bool IsTransient(Exception exception) => false;

    private bool HasMovedOn(RowChange change) =>
        !tables.Workflows.TryGetValue(change.Before.Id, out var row)
        || row.Lease != change.Before.Lease
        || row.Revision != change.Before.Revision;

    private DbTransaction? Begin() => besides?.Invoke();

    private bool IsTaken(NewRow create) => tables.ExternalIds.ContainsKey(create.Row.ExternalId);

    private void Log(RowSet written)
    {
        audit.Write(written);
        log.Write(written.Changes);
    }

    private void Reserve(NewRow created) =>
        tables.ExternalIds.Add(
            created.Row.ExternalId,
            new TakenExternalId(created.Row.ExternalId, created.Row.Id, created.Token)
        );

    private sealed class Transaction(InMemoryRows rows, InMemoryTables tables) : IRowTransaction
    {
        private IReadOnlyList<NewRow> inserted = [];
        private IReadOnlyList<WorkflowRecord> read = [];
        private RowSet? written;
        private JobProgress? advanced;
        private ScheduleRecord? schedule;
        private (string WorkflowType, LimitPosition Position)? limits;
        private DbTransaction? callbackTransaction;

        public Task<IReadOnlyList<WorkflowRecord>> LockAsync(
            IReadOnlyCollection<long> ids,
            bool withVariables,
            CancellationToken cancellation
        )
        {
            var own = ids.Select(tables.Workflows.GetValueOrDefault).OfType<WorkflowRecord>().ToList();
            var parents = own.Select(row => row.ParentWorkflowId)
                .OfType<long>()
                .Select(tables.Workflows.GetValueOrDefault)
                .OfType<WorkflowRecord>();
            read = [.. own.Union(parents).OrderBy(row => row.Id)];
            return Task.FromResult(read);
        }

        public Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
            IReadOnlyCollection<string> externalIds,
            CancellationToken cancellation
        ) =>
            Task.FromResult<IReadOnlyList<TakenExternalId>>([
                .. externalIds
                    .Where(tables.ExternalIds.ContainsKey)
                    .Select(externalId => tables.ExternalIds[externalId]),
            ]);

        public Task<bool> HasSignalAsync(long workflowId, string key, CancellationToken cancellation) =>
            Task.FromResult(
                tables.Signals.Exists(signal => signal.WorkflowId == workflowId && signal.Signal.Key == key)
            );

        public Task InsertAsync(IReadOnlyList<NewRow> created, CancellationToken cancellation)
        {
            inserted = [.. inserted, .. created];
            foreach (var row in created)
            {
                row.Assign(tables.NextId());
            }

            return Task.CompletedTask;
        }

        public Task WriteAsync(RowSet set, CancellationToken cancellation)
        {
            written = set;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<string>> WaitingStatesAsync(PermitPlace place, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<string>>([
                .. WaitersAt(place).Select(row => row.State).Distinct().Order(StringComparer.Ordinal),
            ]);

        public Task<LimitPosition> LockLimitsAsync(string workflowType, CancellationToken cancellation) =>
            Task.FromResult(tables.Limits.GetValueOrDefault(workflowType, LimitPosition.Beginning));

        public Task WriteLimitsAsync(string workflowType, LimitPosition position, CancellationToken cancellation)
        {
            limits = (workflowType, position);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<UsedPermit>> UsedPermitsAsync(string workflowType, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<UsedPermit>>([
                .. tables
                    .Workflows.Values.Where(row =>
                        row is { Permit: Permit.Needed, ExecutorId: not null } && row.WorkflowType == workflowType
                    )
                    .Select(row => new UsedPermit(row.State, row.LimitKey)),
            ]);

        public Task<IReadOnlyList<FirstOfKey>> FirstWaitersAsync(
            PermitPlace place,
            string state,
            string? after,
            int most,
            CancellationToken cancellation
        ) =>
            Task.FromResult<IReadOnlyList<FirstOfKey>>([
                .. WaitersAt(place)
                    .Where(row =>
                        row.State == state && (after is null || string.CompareOrdinal(row.LimitKey, after) > 0)
                    )
                    .GroupBy(row => row.LimitKey, StringComparer.Ordinal)
                    .OrderBy(key => key.Key, StringComparer.Ordinal)
                    .Take(most)
                    .Select(key => InOrder(key).First()),
            ]);

        public Task<IReadOnlyList<FirstOfKey>> DueWaitersAsync(WaiterSearch search, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<FirstOfKey>>([
                .. WaitersAt(search.Place)
                    .Where(row =>
                        row.State == search.State
                        && row.NextActivation <= search.Now
                        && (search.After is null || string.CompareOrdinal(row.LimitKey, search.After) > 0)
                    )
                    .GroupBy(row => row.LimitKey, StringComparer.Ordinal)
                    .OrderBy(key => key.Key, StringComparer.Ordinal)
                    .SelectMany(InOrder)
                    .Take(search.Most),
            ]);

        public Task<IReadOnlyList<FirstOfKey>> WaitersAsync(
            PermitPlace place,
            string state,
            string key,
            int most,
            CancellationToken cancellation
        ) =>
            Task.FromResult<IReadOnlyList<FirstOfKey>>([
                .. InOrder(WaitersAt(place).Where(row => row.State == state && row.LimitKey == key)).Take(most),
            ]);

        public Task<bool> AdvanceJobAsync(JobProgress progress, CancellationToken cancellation)
        {
            advanced = progress;
            return Task.FromResult(tables.Jobs.IsHeld(progress.Key));
        }

        public Task<bool> TakeScheduleAsync(string name, long revision, CancellationToken cancellation) =>
            Task.FromResult(tables.Schedules.TryGetValue(name, out var stored) && stored.Revision == revision);

        public Task WriteScheduleAsync(ScheduleRecord changed, CancellationToken cancellation)
        {
            schedule = changed;
            return Task.CompletedTask;
        }

        public Task RunAsync(CommitCallback callback, CancellationToken cancellation)
        {
            callbackTransaction =
                rows.Begin()
                ?? throw new NotSupportedException(
                    "The in-memory store has no connection to give to an OnCommit callback."
                );
            return callback(callbackTransaction.Connection!, callbackTransaction, cancellation);
        }

        public void Commit()
        {
            if (
                read.Any(row => !ReferenceEquals(tables.Workflows.GetValueOrDefault(row.Id), row))
                || inserted.Any(rows.IsTaken)
            )
            {
                throw new RowConflictException();
            }

            foreach (var row in inserted)
            {
                rows.Reserve(row);
            }

            if (written is not null)
            {
                tables.Write(written);
                rows.Log(written);
            }

            if (advanced is not null)
            {
                tables.Jobs.Advance(advanced);
            }

            if (limits is var (workflowType, position))
            {
                tables.Limits[workflowType] = position;
            }

            if (schedule is not null)
            {
                tables.Schedules[schedule.Name] = schedule;
            }

            callbackTransaction?.Commit();
        }

        public void Rollback() => callbackTransaction?.Rollback();

        private IEnumerable<WorkflowRecord> WaitersAt(PermitPlace place) =>
            tables.Workflows.Values.Where(row =>
                row is { Permit: Permit.Needed, NextActivation: not null }
                && row.WorkflowType == place.Definition.Name
                && row.Version == place.Definition.Version
                && row.ExecutorGroup == place.ExecutorGroup
            );

        private static IEnumerable<FirstOfKey> InOrder(IEnumerable<WorkflowRecord> waiters) =>
            waiters
                .OrderBy(row => row.NextActivation)
                .ThenBy(row => row.Id)
                .Select(row => new FirstOfKey(row.LimitKey, row.Id, row.NextActivation!.Value));
    }
}

/// <summary>A row has changed while a callback ran. The transaction may be retried.</summary>
internal sealed class RowConflictException() : Exception("A row has changed since the transaction read it.");
