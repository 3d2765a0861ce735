using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Reads and writes the rows of workflows. Every transaction is one work item of the writer and holds the lock of the file from its start,
/// so what it reads cannot change, and no other process can insert an external id that it has not seen.
/// </summary>
internal sealed class SqliteRowStore(SqliteDatabase database, SqliteChangeLog changes) : IRowStore
{
    private static readonly SqlLimits Limits = new(SqliteSessions.Dialect);
    private static readonly string ById = SqlWorkflows.ById(SqliteSessions.Dialect);

    private static readonly string ByIdWithoutVariables = $"""
           SELECT {SqlColumns.Any}
             FROM workflow AS w
        {SqlColumns.JoinProgress(SqliteSessions.Dialect)}
            WHERE w.id = ?1
        """;

    private const string ExternalIdInUse = """
        SELECT id, token
          FROM workflow
         WHERE external_id = ?1
        """;

    public Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation) =>
        database.Writer.TryAsync(statements => new SqliteRowWriter(statements, changes).TryWrite(rows), cancellation);

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation) =>
        database.Writer.RunAsync(
            (statements, transaction) =>
                work(new Transaction(statements, transaction, changes, database.Writer.ReplaceConnection))
                    .GetAwaiter()
                    .GetResult(),
            cancellation
        );

    public async Task<T> WithinAsync<T>(
        DbTransaction transaction,
        Func<IRowTransaction, Task<T>> work,
        CancellationToken cancellation
    )
    {
        var own = CallersTransaction.As<SqliteTransaction>(transaction);
        using var statements = new SqliteReader(own.Connection!, isOwn: false);
        return await work(new Transaction(statements, own, changes, callbackFailed: static () => { }));
    }

    public bool IsExternalIdTaken(Exception exception) => false;

    public bool IsTransient(Exception exception) => SqliteDatabase.IsTransient(exception);

    /// <summary>A transaction on the writer's thread. All of its operations are synchronous.</summary>
    private sealed class Transaction(
        SqliteReader statements,
        SqliteTransaction transaction,
        SqliteChangeLog changes,
        Action callbackFailed
    ) : IRowTransaction
    {
        public Task<IReadOnlyList<WorkflowRecord>> LockAsync(
            IReadOnlyCollection<long> ids,
            bool withVariables,
            CancellationToken cancellation
        )
        {
            var found = new SortedDictionary<long, WorkflowRecord>();
            foreach (var id in ids)
            {
                if (Add(id) is { ParentWorkflowId: { } parent })
                {
                    Add(parent);
                }
            }

            return Task.FromResult<IReadOnlyList<WorkflowRecord>>([.. found.Values]);

            WorkflowRecord? Add(long id)
            {
                if (!found.TryGetValue(id, out var row) && Find(id, withVariables) is { } read)
                {
                    found.Add(id, row = read);
                }

                return row;
            }
        }

        public Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
            IReadOnlyCollection<string> externalIds,
            CancellationToken cancellation
        )
        {
            var taken = new List<TakenExternalId>();
            foreach (var externalId in externalIds)
            {
                var row = statements.Statement(ExternalIdInUse).With(externalId);
                if (row.Read())
                {
                    taken.Add(new TakenExternalId(externalId, row.Number(), row.Number()));
                }

                row.End();
            }

            return Task.FromResult<IReadOnlyList<TakenExternalId>>(taken);
        }

        public Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation)
        {
            var writer = new SqliteRowWriter(statements, changes);
            foreach (var row in rows)
            {
                if (!writer.TryInsert(row))
                {
                    throw new InvalidOperationException(
                        $"The external id '{row.Row.ExternalId}' was free at the start of this transaction and is in use now."
                    );
                }
            }

            return Task.CompletedTask;
        }

        public Task<bool> HasSignalAsync(long workflowId, string key, CancellationToken cancellation) =>
            SqliteSessions.Session(transaction).HasAsync(SqliteSessions.Dialect, workflowId, key, cancellation);

        public async Task WriteAsync(RowSet rows, CancellationToken cancellation)
        {
            await SqliteSessions.Session(transaction).WriteRareAsync(rows, cancellation);
            if (!new SqliteRowWriter(statements, changes).TryWrite(rows))
            {
                throw new InvalidOperationException("A row that this transaction has locked has changed.");
            }
        }

        public Task<IReadOnlyList<string>> WaitingStatesAsync(PermitPlace place, CancellationToken cancellation) =>
            Limits.StatesAsync(SqliteSessions.Session(transaction), place, cancellation);

        public Task<LimitPosition> LockLimitsAsync(string workflowType, CancellationToken cancellation) =>
            Limits.LockAsync(SqliteSessions.Session(transaction), workflowType, cancellation);

        public Task WriteLimitsAsync(string workflowType, LimitPosition position, CancellationToken cancellation) =>
            SqlLimits.WriteAsync(SqliteSessions.Session(transaction), workflowType, position, cancellation);

        public Task<IReadOnlyList<UsedPermit>> UsedPermitsAsync(string workflowType, CancellationToken cancellation) =>
            Limits.UsedAsync(SqliteSessions.Session(transaction), workflowType, cancellation);

        public Task<IReadOnlyList<FirstOfKey>> FirstWaitersAsync(
            PermitPlace place,
            string state,
            string? after,
            int most,
            CancellationToken cancellation
        ) => Limits.FirstAsync(SqliteSessions.Session(transaction), place, state, after, most, cancellation);

        public Task<IReadOnlyList<FirstOfKey>> DueWaitersAsync(WaiterSearch search, CancellationToken cancellation) =>
            Limits.DueAsync(SqliteSessions.Session(transaction), search, cancellation);

        public Task<IReadOnlyList<FirstOfKey>> WaitersAsync(
            PermitPlace place,
            string state,
            string key,
            int most,
            CancellationToken cancellation
        ) => Limits.OfKeyAsync(SqliteSessions.Session(transaction), place, state, key, most, cancellation);

        public Task<bool> AdvanceJobAsync(JobProgress progress, CancellationToken cancellation) =>
            SqlJobs.AdvanceAsync(SqliteSessions.Session(transaction), progress, cancellation);

        public Task<bool> TakeScheduleAsync(string name, long revision, CancellationToken cancellation) =>
            SqlSchedules.TakeAsync(SqliteSessions.Session(transaction), name, revision, cancellation);

        public Task WriteScheduleAsync(ScheduleRecord schedule, CancellationToken cancellation) =>
            SqlSchedules.ChangeAsync(SqliteSessions.Session(transaction), schedule, cancellation);

        /// <summary>
        /// Runs the callback. The file is locked until the callback ends, so the writer's thread waits for it. A callback that has failed
        /// may still be running if it timed out.
        /// </summary>
        public Task RunAsync(CommitCallback callback, CancellationToken cancellation)
        {
            try
            {
                callback(transaction.Connection!, transaction, cancellation).GetAwaiter().GetResult();
                return Task.CompletedTask;
            }
            catch
            {
                callbackFailed();
                throw;
            }
        }

        private WorkflowRecord? Find(long id, bool withVariables) =>
            withVariables
                ? statements.Statement(ById).With(id).ReadFirst(StoredRows.Workflow)
                : statements.Statement(ByIdWithoutVariables).With(id).ReadFirst(StoredRows.WithoutVariables);
    }
}
