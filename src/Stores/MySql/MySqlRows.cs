using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Reads and writes the rows of workflows over one of the pools of a database.</summary>
internal sealed class MySqlRows(MySqlPool pool, MySqlChanges changes) : IRowStore
{
    /// <summary>Everything is one batch and one round trip.</summary>
    public async Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation)
    {
        if (rows.Creates.Count == 0 && rows.Changed == 0)
        {
            return true;
        }

        var look = await changes.Audience.LookAsync(cancellation);
        try
        {
            // This can be repeated: if it has already been committed, the revisions of the rows do not match any more.
            await pool.RunAsync(
                connection => WriteAsync(connection, rows, look.HasListener, cancellation),
                cancellation
            );
            await changes.Audience.CommittedAsync(look, rows, cancellation);
            return true;
        }
        catch (MySqlException refusal) when (MySqlDriver.IsUnexpected(refusal) || IsExternalIdTaken(refusal))
        {
            return false;
        }
    }

    public async Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation)
    {
        MySqlRowTransaction? rows = null;
        var result = await pool.TransactAsync(
            async (connection, transaction) =>
            {
                rows = new MySqlRowTransaction(connection, transaction, pool.Dialect, changes);
                var result = await work(rows);
                await rows.FinishAsync(cancellation);
                return result;
            },
            cancellation
        );
        await rows!.CommittedAsync(cancellation);
        return result;
    }

    public async Task<T> WithinAsync<T>(
        DbTransaction transaction,
        Func<IRowTransaction, Task<T>> work,
        CancellationToken cancellation
    )
    {
        var own = CallersTransaction.As<MySqlTransaction>(transaction);
        var rows = new MySqlRowTransaction(own.Connection!, own, pool.Dialect, changes);
        var result = await work(rows);
        await rows.FinishAsync(cancellation);
        return result;
    }

    public bool IsExternalIdTaken(Exception exception) => MySqlDriver.IsDuplicate(exception, "workflow_by_external_id");

    public bool IsTransient(Exception exception) => MySqlDriver.IsTransient(exception);

    private async Task<bool> WriteAsync(
        MySqlConnection connection,
        RowSet rows,
        bool hasListener,
        CancellationToken cancellation
    )
    {
        await using var batch = new MySqlStatements(connection, pool.Dialect);
        batch.Statement(MySqlStatements.Begin);
        if (rows.Creates.Count > 0)
        {
            batch.AddIdentities(rows.Creates);
        }

        batch.AddRows(rows);
        batch.AddVariables(rows);
        batch.AddExpectedIds(rows.Creates);
        batch.AddHistory(rows);
        batch.AddAudit(rows);
        batch.AddCounts(rows.Counts);
        if (hasListener)
        {
            changes.Add(batch, rows.AllChanges, rows.Creates);
        }

        batch.Statement(MySqlStatements.Commit);
        if (rows.Creates.Count > 0)
        {
            rows.Creates.Assign(await batch.ReadAllAsync(MySqlCreating.NewIds, cancellation));
        }
        else
        {
            await batch.RunAsync(cancellation);
        }

        return true;
    }
}
