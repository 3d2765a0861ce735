using GopherFlow.Authoring;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// One transaction that locks and writes rows. Writes are sent together with the commit in one round trip, or before the author's callback.
/// </summary>
internal sealed class PostgresTransaction : SqlRowTransaction, IAsyncDisposable
{
    /// <summary>
    /// Fails if the transaction is no longer usable: the author may have ended it, or caught an error that has aborted it.
    /// </summary>
    private const string StillStands = "SAVEPOINT gopherflow";

    private readonly PostgresDatabase database;
    private readonly PostgresChanges changes;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private Task callback = Task.CompletedTask;
    private int? callbackProcess;
    private bool isCommitted;

    private PostgresTransaction(
        PostgresDatabase database,
        PostgresChanges changes,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction
    )
        : base(
            PostgresSessions.Session(connection, transaction),
            PostgresSessions.Dialect,
            PostgresLocks.Statements,
            PostgresLocks.Limits
        )
    {
        this.database = database;
        this.changes = changes;
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>Begins a transaction, without a round trip.</summary>
    public static async Task<PostgresTransaction> BeginAsync(
        PostgresDatabase database,
        PostgresPool source,
        PostgresChanges changes,
        CancellationToken cancellation
    )
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            return new PostgresTransaction(database, changes, connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Uses a transaction of the caller, who ends it. The result must not be disposed.</summary>
    public static PostgresTransaction Within(
        PostgresDatabase database,
        PostgresChanges changes,
        NpgsqlTransaction transaction
    ) => new(database, changes, transaction.Connection!, transaction);

    public override async Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.AddIdentities(rows);
        rows.Assign(await batch.ReadAllAsync(row => row.Number(), cancellation));
    }

    public override async Task RunAsync(CommitCallback callback, CancellationToken cancellation)
    {
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Statement("SELECT pg_backend_pid()");
            AddUnwritten(batch);
            callbackProcess = (await batch.ReadAllAsync(row => row.SmallNumber(), cancellation))[0];
        }

        this.callback = callback(connection, transaction, cancellation);
        try
        {
            await this.callback.WaitAsync(cancellation);
            await using var check = new NpgsqlBatch(connection);
            check.Statement(StillStands);
            await check.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException fault) when (PostgresDatabase.IsIdledAway(fault))
        {
            // A retry would be idle for too long again.
            throw new CallbackFailedException(fault);
        }
    }

    /// <summary>Sends the pending writes and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddUnwritten(batch);
        if (Uncounted is { } counts)
        {
            batch.AddCounts(counts);
        }

        var look = await changes.Audience.LookAsync(cancellation);
        if (look.HasListener)
        {
            changes.Add(batch, Changes, creates: []);
        }

        if (callbackProcess is not null && database.ReasonToPoll is not null)
        {
            // After the commit, the pooler may lend the session to another client.
            batch.Statement("RESET ALL");
        }

        batch.Statement("COMMIT");
        await batch.ExecuteNonQueryAsync(cancellation);
        isCommitted = true;
        await changes.Audience.CommittedAsync(look, Changes, cancellation);
    }

    /// <summary>Sends the pending writes and the notifications, in a transaction that the caller commits.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddUnwritten(batch);
        if (Uncounted is { } counts)
        {
            batch.AddCounts(counts);
        }

        changes.Add(batch, Changes, creates: []);
        if (PostgresHints.PayloadsOf(Changes) is { Length: > 0 } hints)
        {
            batch.Statement(PostgresHints.Notify).With(hints);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (callback.IsCompleted && await TryCleanAsync())
        {
            await connection.DisposeAsync();
            return;
        }

        await PostgresAbandoned.EndAsync(database, callbackProcess);
        var closing = PostgresAbandoned.CloseAfterAsync(callback, connection);
        if (callback.IsCompleted)
        {
            await closing;
        }
    }

    /// <summary>Rolls back if necessary, and resets the session settings of a callback before the connection is reused.</summary>
    private async Task<bool> TryCleanAsync()
    {
        try
        {
            if (!isCommitted)
            {
                await transaction.RollbackAsync();
            }

            if (callbackProcess is not null && database.ReasonToPoll is null)
            {
                await database.Work.ResetAsync(connection);
            }

            return true;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    private void AddUnwritten(NpgsqlBatch batch)
    {
        if (TakeUnwritten() is { } rows)
        {
            batch.AddRows(rows);
            batch.AddVariables(rows);
            batch.AddHistory(rows);
        }
    }
}
