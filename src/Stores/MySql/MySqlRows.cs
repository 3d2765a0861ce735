using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>The rows of workflows, on one of the pools of a database.</summary>
internal sealed class MySqlRows(MySqlPool pool) : IRowStore
{
    /// <summary>All is one batch, and one round trip.</summary>
    public async Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation)
    {
        if (rows.Creates.Count == 0 && rows.Changed == 0)
        {
            return true;
        }

        try
        {
            // Run again after it was committed, it finds that the rows have moved on.
            await pool.RunAsync(connection => WriteAsync(connection, rows, cancellation), cancellation);
            return true;
        }
        catch (MySqlException refusal) when (MySqlDriver.IsUnexpected(refusal) || IsExternalIdTaken(refusal))
        {
            return false;
        }
    }

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation) =>
        pool.TransactAsync(
            async (connection, transaction) =>
            {
                var rows = new MySqlRowTransaction(connection, transaction);
                var result = await work(rows);
                await rows.FinishAsync(cancellation);
                return result;
            },
            cancellation
        );

    public bool IsExternalIdTaken(Exception exception) => MySqlDriver.IsDuplicate(exception, "workflow_by_external_id");

    public bool IsTransient(Exception exception) => MySqlDriver.IsTransient(exception);

    private static async Task<bool> WriteAsync(MySqlConnection connection, RowSet rows, CancellationToken cancellation)
    {
        await using var batch = new MySqlBatch(connection);
        batch.Statement(MySqlStatements.Begin);
        if (rows.Creates.Count > 0)
        {
            batch.AddIdentities(rows.Creates);
        }

        batch.AddRows(rows);
        batch.AddVariables(rows);
        batch.AddHistory(rows);
        batch.AddCounts(rows.Counts);
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
