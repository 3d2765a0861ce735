using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Questions.Running;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Questions;

[Workflow("ShipOrder")]
public sealed partial class ShipOrder : Workflow
{
    [Start]
    public NextState Ship() => To.Shipped;

    [End]
    public const string Shipped = "Shipped";
}

/// <summary>A shop with its own table in the engine's database.</summary>
internal sealed class Shop(SqliteConnection database, IWorkflowClient workflows)
{
    public async Task PlaceAsync(string number, bool fails)
    {
        await using var transaction = database.BeginTransaction();
        await using var insert = database.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO orders (number) VALUES (@number)";
        insert.Parameters.AddWithValue("@number", number);
        await insert.ExecuteNonQueryAsync();
        await workflows.StartAsync<ShipOrder>(number, options: new StartOptions { Transaction = transaction });
        if (fails)
        {
            throw new InvalidOperationException("The card was refused.");
        }

        await transaction.CommitAsync();
    }
}

public static class OwnTransaction
{
    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        await using var database = await file.OpenAsync("CREATE TABLE orders (number TEXT PRIMARY KEY)");
        await using var engine = await RunningEngine.StartAsync(flow =>
            flow.UseSqlite(file.Path).AddWorkflow<ShipOrder>()
        );
        var shop = new Shop(database, engine.Client);

        await shop.PlaceAsync("order-1", fails: false);
        Check.Equal(WorkflowStatus.Finished, (await engine.Client.Handle("order-1").EndAsync()).Status);

        try
        {
            await shop.PlaceAsync("order-2", fails: true);
        }
        catch (InvalidOperationException refused)
        {
            output.WriteLine($"order-2: {refused.Message}");
        }

        try
        {
            await engine.Client.Handle("order-2").QueryAsync();
            Check.That(false, "There is a workflow for order-2");
        }
        catch (WorkflowCallException missing)
        {
            Check.Equal(CallFailure.NotFound, missing.Failure);
            output.WriteLine("Neither the row nor the workflow of order-2 exists.");
        }
    }
}
