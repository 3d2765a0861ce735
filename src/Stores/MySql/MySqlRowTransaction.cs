using System.Data;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// One transaction that locks and writes rows. Writes are sent in one round trip at the end, or before the author's callback.
/// </summary>
internal sealed class MySqlRowTransaction(
    MySqlConnection connection,
    MySqlTransaction transaction,
    SqlDialect dialect,
    MySqlChanges changes
)
    : SqlRowTransaction(
        new SqlSession(connection, transaction, dialect, now: null),
        MySqlSessions.Dialect,
        MySqlLocks.Statements,
        MySqlLocks.Limits
    )
{
    /// <summary>
    /// Checks that the writes still exist: an author may have rolled them back. If the author has committed them, as every CREATE does,
    /// that is harmless.
    /// </summary>
    private const string Written = """
        SELECT id FROM workflow_run WHERE id = @id AND revision = @revision
        UNION ALL
        SELECT id FROM workflow_result WHERE id = @id AND revision = @revision
        """;

    private ExceptionDispatchInfo? lost;
    private SqlAudience.Look? look;

    public override async Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation)
    {
        await using var batch = new MySqlStatements(connection, dialect, transaction);
        batch.AddIdentities(rows);
        rows.Assign(await batch.ReadAllAsync(MySqlCreating.NewIds, cancellation));
    }

    /// <summary>
    /// Runs the callback. If the transaction is lost through no error of the author's code, the transaction fails and not the callback.
    /// </summary>
    public override async Task RunAsync(CommitCallback callback, CancellationToken cancellation)
    {
        var rows = TakeUnwritten()!;
        var written = Changed(rows);
        await using var before = new MySqlStatements(connection, dialect, transaction);
        AddRows(before, rows);
        await before.RunAsync(cancellation);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await RunCallbackAsync(callback, cancellation);
            await using var after = new MySqlStatements(connection, dialect, transaction);
            after.Statement(Written).With("@id", written.Id).With("@revision", written.Revision);
            if ((await after.ReadAllAsync(row => row.Number(), cancellation)).Count == 0)
            {
                throw new InvalidOperationException("The OnCommit callback has rolled its transaction back.");
            }
        }
        catch (Exception fault)
            when (connection.State != ConnectionState.Open && Stopwatch.GetElapsedTime(began) >= MySqlServer.LongestIdle
            )
        {
            // The server has probably ended the session because the callback left it idle for too long. A retry would do the same.
            throw new CallbackFailedException(fault);
        }
        catch (Exception fault) when (connection.State != ConnectionState.Open || MySqlDriver.IsUndone(fault))
        {
            lost = ExceptionDispatchInfo.Capture(fault);
        }
    }

    /// <summary>
    /// Treats exceptions that do not come from the driver as errors of the callback, for example a timeout or a missing file.
    /// </summary>
    private async Task RunCallbackAsync(CommitCallback callback, CancellationToken cancellation)
    {
        try
        {
            await callback(connection, transaction, cancellation);
        }
        catch (Exception fault)
            when (connection.State == ConnectionState.Open
                && !MySqlDriver.IsOfDriver(fault)
                && !cancellation.IsCancellationRequested
            )
        {
            throw new CallbackFailedException(fault);
        }
    }

    /// <summary>Sends the pending writes.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        lost?.Throw();
        await using var batch = new MySqlStatements(connection, dialect, transaction);
        if (TakeUnwritten() is { } rows)
        {
            AddRows(batch, rows);
        }

        if (Uncounted is { } counts)
        {
            batch.AddCounts(counts);
        }

        look = await changes.Audience.LookAsync(cancellation);
        if (look.HasListener)
        {
            changes.Add(batch, Changes, creates: []);
        }

        if (batch.Count > 0)
        {
            await batch.RunAsync(cancellation);
        }
    }

    /// <summary>Must be called after the commit.</summary>
    public ValueTask CommittedAsync(CancellationToken cancellation) =>
        changes.Audience.CommittedAsync(look!, Changes, cancellation);

    /// <summary>The workflow whose event has the callback. If its parent changes as well, the parent has a smaller id.</summary>
    private static WorkflowRecord Changed(RowSet rows) =>
        rows.Running.Concat(rows.Ended).Concat(rows.Reopened).Concat(rows.StillFinal).Last().After;

    private static void AddRows(MySqlStatements batch, RowSet rows)
    {
        batch.AddRows(rows);
        batch.AddVariables(rows);
        batch.AddHistory(rows);
    }
}
