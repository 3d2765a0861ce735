using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// One transaction of locks and writes. What is written goes out with the commit, as one round trip, or before the author's callback.
/// </summary>
internal sealed class PostgresTransaction : IRowTransaction, IAsyncDisposable
{
    /// <summary>Fails unless the transaction still stands: an author may have ended it, or caught an error that has ended it.</summary>
    private const string StillStands = "SAVEPOINT gopherflow";

    private const string FindTaken = """
        SELECT external_id, id, token
          FROM workflow
         WHERE external_id = ANY ($1)
        """;

    private readonly PostgresDatabase database;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private RowSet? unwritten;
    private CountDeltas? uncounted;
    private Task callback = Task.CompletedTask;
    private int? callbackProcess;
    private bool isCommitted;

    private PostgresTransaction(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        this.database = database;
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>Begins a transaction, which costs no round trip.</summary>
    public static async Task<PostgresTransaction> BeginAsync(
        PostgresDatabase database,
        NpgsqlDataSource source,
        CancellationToken cancellation
    )
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        return new PostgresTransaction(database, connection, await connection.BeginTransactionAsync(cancellation));
    }

    public Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    ) => PostgresLocks.LockAsync(connection, ids, withVariables, cancellation);

    public async Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
        IReadOnlyCollection<string> externalIds,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(FindTaken).With<string[]>([.. externalIds]);
        return await batch.ReadAllAsync(
            row => new TakenExternalId(row.Text(), row.Number(), row.Number()),
            cancellation
        );
    }

    public async Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.AddIdentities(rows);
        rows.Assign(await batch.ReadAllAsync(row => row.Number(), cancellation));
    }

    public Task WriteAsync(RowSet rows, CancellationToken cancellation)
    {
        unwritten = rows;
        uncounted = rows.Counts;
        return Task.CompletedTask;
    }

    /// <summary>The counts wait until the callback is done, for others need them.</summary>
    public async Task RunAsync(CommitCallback callback, CancellationToken cancellation)
    {
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Statement("SELECT pg_backend_pid()");
            AddUnwritten(batch);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            callbackProcess = (await reader.ReadAllAsync(row => row.SmallNumber(), cancellation))[0];
            while (await reader.NextResultAsync(cancellation)) { }
        }

        this.callback = callback(connection, transaction, cancellation);
        await this.callback.WaitAsync(cancellation);
        await using var check = new NpgsqlBatch(connection);
        check.Statement(StillStands);
        await check.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Writes what is not yet written, and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddUnwritten(batch);
        if (uncounted is not null)
        {
            batch.AddCounts(uncounted);
        }

        batch.Statement("COMMIT");
        await batch.ExecuteNonQueryAsync(cancellation);
        isCommitted = true;
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

    /// <summary>What a callback has set for the session, too, must not reach whoever has the connection next.</summary>
    private async Task<bool> TryCleanAsync()
    {
        try
        {
            if (!isCommitted)
            {
                await transaction.RollbackAsync();
            }

            if (callbackProcess is not null)
            {
                await database.ResetAsync(connection);
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
        if (unwritten is not null)
        {
            batch.AddRows(unwritten);
            batch.AddVariables(unwritten);
            batch.AddHistory(unwritten);
            unwritten = null;
        }
    }
}
