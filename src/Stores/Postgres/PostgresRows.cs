using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Reads and writes the rows of workflows over one of the pools of a database.</summary>
internal sealed class PostgresRows(PostgresDatabase database, PostgresPool source, PostgresChanges changes) : IRowStore
{
    /// <summary>The error code of the database function gopherflow_expect.</summary>
    private const string NotAsExpected = "GF001";

    private const int MostRetries = 5;

    /// <summary>
    /// Everything is one batch: one round trip and one implicit transaction. It locks rows in the order of the statements, so it may
    /// deadlock with a transaction that locks them by id. A deadlock victim is written again with its rows locked by id.
    /// </summary>
    public async Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch();
        batch.AddCreates(rows);
        batch.AddRows(rows);
        batch.AddVariables(rows);
        batch.AddHistory(rows);
        batch.AddCounts(rows.Counts);
        if (batch.BatchCommands.Count == 0)
        {
            return true;
        }

        var look = await changes.Audience.LookAsync(cancellation);
        if (look.HasListener)
        {
            changes.Add(batch, rows.AllChanges, rows.Creates);
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        batch.Connection = connection;
        try
        {
            if (rows.Creates.Count == 0)
            {
                await batch.ExecuteNonQueryAsync(cancellation);
            }
            else
            {
                rows.Creates.Assign(await batch.ReadAllAsync(row => row.Number(), cancellation));
            }

            await changes.Audience.CommittedAsync(look, rows, cancellation);
            return true;
        }
        catch (PostgresException refusal)
            when (refusal.SqlState == NotAsExpected || IsExternalIdTaken(refusal) || PostgresDatabase.IsUndone(refusal))
        {
            return false;
        }
    }

    /// <summary>Runs work in a transaction. A deadlock victim is retried at once, so that callers do not see the error.</summary>
    public async Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation)
    {
        for (var retries = 0; ; retries++)
        {
            try
            {
                return await TransactAsync(work, cancellation);
            }
            catch (PostgresException victim) when (retries < MostRetries && PostgresDatabase.IsUndone(victim))
            {
                // The other transaction continues, and the retry waits for its locks.
            }
        }
    }

    private async Task<T> TransactAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation)
    {
        await using var transaction = await PostgresTransaction.BeginAsync(database, source, changes, cancellation);
        var result = await work(transaction);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    public async Task<T> WithinAsync<T>(
        DbTransaction transaction,
        Func<IRowTransaction, Task<T>> work,
        CancellationToken cancellation
    )
    {
        var rows = PostgresTransaction.Within(database, changes, CallersTransaction.As<NpgsqlTransaction>(transaction));
        var result = await work(rows);
        await rows.FinishAsync(cancellation);
        return result;
    }

    public bool IsExternalIdTaken(Exception exception) =>
        exception
            is PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation,
                ConstraintName: "workflow_external_id"
            };

    public bool IsTransient(Exception exception) => PostgresDatabase.IsTransient(exception);
}
