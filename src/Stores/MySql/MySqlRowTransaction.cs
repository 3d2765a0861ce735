using System.Data;
using System.Runtime.ExceptionServices;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// One transaction of locks and writes. What is written goes out at the end, as one round trip, or before the author's callback.
/// </summary>
internal sealed class MySqlRowTransaction(MySqlConnection connection, MySqlTransaction transaction) : IRowTransaction
{
    private const string Mark = "SAVEPOINT gopherflow";

    /// <summary>Fails unless the transaction still stands: an author may have ended it.</summary>
    private const string StillStands = "RELEASE SAVEPOINT gopherflow";

    private const string FindTaken = """
               SELECT w.external_id, w.id, w.token
                 FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                          external_id LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]')) AS given
        STRAIGHT_JOIN workflow AS w FORCE INDEX (workflow_by_external_id)
                   ON w.external_id = CAST(given.external_id AS BINARY)
        """;

    private RowSet? unwritten;
    private CountDeltas? uncounted;
    private ExceptionDispatchInfo? lost;

    public Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    ) => MySqlLocks.LockAsync(connection, ids, withVariables, cancellation);

    public async Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
        IReadOnlyCollection<string> externalIds,
        CancellationToken cancellation
    )
    {
        await using var batch = new MySqlBatch(connection);
        batch.Statement(FindTaken).WithRows(externalIds, static (json, externalId) => json.Add(externalId));
        return await batch.ReadAllAsync(
            row => new TakenExternalId(row.Text(), row.Number(), row.Number()),
            cancellation
        );
    }

    public async Task InsertAsync(IReadOnlyList<NewRow> rows, CancellationToken cancellation)
    {
        await using var batch = new MySqlBatch(connection);
        batch.AddIdentities(rows);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await rows.AssignAsync(reader, cancellation);
        await reader.FinishAsync(cancellation);
    }

    public Task WriteAsync(RowSet rows, CancellationToken cancellation)
    {
        unwritten = rows;
        uncounted = rows.Counts;
        return Task.CompletedTask;
    }

    /// <summary>
    /// The counts wait until the callback is done, for others need them. When the transaction is lost without a fault of the author's,
    /// the callback has not failed, but the transaction.
    /// </summary>
    public async Task RunAsync(CommitCallback callback, CancellationToken cancellation)
    {
        await using var before = new MySqlBatch(connection);
        AddUnwritten(before);
        before.Statement(Mark);
        await before.RunAsync(cancellation);
        try
        {
            await callback(connection, transaction, cancellation);
            await using var after = new MySqlBatch(connection);
            after.Statement(StillStands);
            await after.RunAsync(cancellation);
        }
        catch (Exception fault) when (connection.State != ConnectionState.Open || MySqlDriver.IsDeadlock(fault))
        {
            lost = ExceptionDispatchInfo.Capture(fault);
        }
    }

    /// <summary>Writes what is not yet written.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        lost?.Throw();
        await using var batch = new MySqlBatch(connection);
        AddUnwritten(batch);
        if (uncounted is not null)
        {
            batch.AddCounts(uncounted);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.RunAsync(cancellation);
        }
    }

    private void AddUnwritten(MySqlBatch batch)
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
