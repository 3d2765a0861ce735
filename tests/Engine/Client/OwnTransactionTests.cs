using System.Data.Common;
using GopherFlow.Client;
using GopherFlow.Engine.Tests.Typed;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Engine.Tests.Client;

/// <summary>Workflows started in the caller's own transaction: they commit together with the caller's rows.</summary>
public sealed class OwnTransactionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StoreKind> Databases => [.. StoreKinds.Here.Where(kind => kind != StoreKind.InMemory)];

    public static TheoryData<StoreKind> Servers =>
        [.. StoreKinds.Here.Where(kind => kind is StoreKind.Postgres or StoreKind.MariaDb)];

    [Theory, MemberData(nameof(Databases))]
    public async Task A_committed_workflow_runs(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await using var connection = engine.Connect();
        await RunAsync(connection, "CREATE TABLE own_orders (id INT)");

        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            await RunAsync(connection, "INSERT INTO own_orders (id) VALUES (1)", transaction);
            await StartOrderAsync(engine, "order-1", transaction);
            await StartOrderAsync(engine, "order-2", transaction);
            await transaction.CommitAsync(Stop);
        }

        var workflow = await engine.Client.Handle("order-1").QueryAsync(Stop);
        await engine.TurnUntilAsync(workflow.Id, row => row.State == "Approval" && row.AwaitedSignals is not null);
        Assert.Equal(1L, await CountAsync(connection));
        Assert.Equal(2, (await engine.Store.CountsAsync(Stop)).Sum(count => count.Count));
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task A_rollback_leaves_no_workflow(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await using var connection = engine.Connect();
        await RunAsync(connection, "CREATE TABLE own_orders (id INT)");

        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            await RunAsync(connection, "INSERT INTO own_orders (id) VALUES (1)", transaction);
            await StartOrderAsync(engine, "order-1", transaction);
            await transaction.RollbackAsync(Stop);
        }

        Assert.Equal(0L, await CountAsync(connection));
        Assert.Empty((await engine.Store.SearchAsync(new WorkflowSearch(), Stop)).Workflows);
        Assert.DoesNotContain(await engine.Store.CountsAsync(Stop), count => count.Count > 0);
        await engine.Client.StartAsync<Orders>("order-1", new Order("ada", 2000), cancellation: Stop);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task A_key_that_already_exists_starts_nothing(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await engine.Client.StartAsync<Orders>("order-1", new Order("ada", 2000), cancellation: Stop);
        await using var connection = engine.Connect();

        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            await StartOrderAsync(engine, "order-1", transaction);
            await transaction.CommitAsync(Stop);
        }

        Assert.Single((await engine.Store.SearchAsync(new WorkflowSearch(), Stop)).Workflows);
    }

    [Fact]
    public async Task A_transaction_of_another_database_or_a_completed_one_is_rejected()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        await using var connection = engine.Connect();
        await using var ended = await connection.BeginTransactionAsync(Stop);
        await ended.RollbackAsync(Stop);

        var late = await Assert.ThrowsAsync<ArgumentException>(() => StartOrderAsync(engine, "order-1", ended));

        Assert.StartsWith("The transaction has ended.", late.Message, StringComparison.Ordinal);
        await using var memory = await StartAsync(StoreKind.InMemory);
        await using var open = await connection.BeginTransactionAsync(Stop);
        await Assert.ThrowsAsync<NotSupportedException>(() => StartOrderAsync(memory, "order-1", open));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Servers))]
    public async Task A_transaction_of_another_driver_is_rejected(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await using DbConnection connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            StartOrderAsync(engine, "order-1", transaction)
        );

        Assert.Contains("but got SqliteTransaction", refused.Message, StringComparison.Ordinal);
    }

    private static Task<EngineHarness> StartAsync(StoreKind kind) =>
        EngineHarness.StartAsync(kind, flows => flows.AddWorkflow<Orders>());

    private static Task<IWorkflowHandle> StartOrderAsync(EngineHarness engine, string key, DbTransaction transaction) =>
        engine.Client.StartAsync<Orders>(
            key,
            new Order("ada", 2000),
            new StartOptions { Transaction = transaction },
            Stop
        );

    private static async Task RunAsync(DbConnection connection, string sql, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<long> CountAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM own_orders";
        return Convert.ToInt64(
            await command.ExecuteScalarAsync(Stop),
            System.Globalization.CultureInfo.InvariantCulture
        );
    }
}
