using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Testing.Tests;

/// <summary>A step writes to the application's own table in its commit.</summary>
public sealed class TransactionTests
{
    [Fact]
    public async Task A_row_is_written_once_despite_a_crash()
    {
        await using var database = await OpenAsync();
        await using var flow = await FlowTest.With(plan =>
            plan.AddDefinition(Booking()).UseTransactions(database.BeginTransaction)
        );
        flow.CrashAt("Book");

        var run = await flow.StartAsync();

        run.AssertState("Booked");
        Assert.Equal(1, Count(database));
    }

    [Fact]
    public async Task Without_a_transaction_the_step_fails()
    {
        await using var flow = await FlowTest.For(Booking());

        var run = await flow.StartAsync();

        run.AssertState("Book");
        Assert.NotNull(run.LastError);
    }

    private static WorkflowDefinition Booking() =>
        WorkflowDefinitionBuilder
            .Named("Booking")
            .Start(
                "Book",
                step =>
                {
                    step.OnCommit(InsertAsync);
                    return GoTo("Booked");
                },
                ["Booked"]
            )
            .End("Booked")
            .Build();

    private static async Task InsertAsync(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO seats (name) VALUES ('7a')";
        await command.ExecuteNonQueryAsync(stop);
    }

    private static async Task<SqliteConnection> OpenAsync()
    {
        var database = new SqliteConnection("Data Source=:memory:");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = database.CreateCommand();
        command.CommandText = "CREATE TABLE seats (name TEXT NOT NULL)";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return database;
    }

    private static long Count(SqliteConnection database)
    {
        using var command = database.CreateCommand();
        command.CommandText = "SELECT count(*) FROM seats";
        return (long)command.ExecuteScalar()!;
    }
}
