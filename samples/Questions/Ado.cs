using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Questions.Running;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Questions;

[Workflow("BookSeat", "Books a seat by inserting a row into its own table")]
public sealed partial class BookSeat : Workflow
{
    [Start]
    public NextState Book()
    {
        var seat = Variables["seat"];
        Step.OnCommit((connection, transaction, stop) => InsertAsync(connection, transaction, seat!, stop));
        return To.Booked;
    }

    [End]
    public const string Booked = "Booked";

    private static async Task InsertAsync(
        DbConnection connection,
        DbTransaction transaction,
        string seat,
        CancellationToken stop
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO seats (name) VALUES (@name)";
        var name = command.CreateParameter();
        name.ParameterName = "@name";
        name.Value = seat;
        command.Parameters.Add(name);
        await command.ExecuteNonQueryAsync(stop);
    }
}

public static class Ado
{
    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        await using var database = await file.OpenAsync("CREATE TABLE seats (name TEXT NOT NULL UNIQUE)");
        await using var engine = await RunningEngine.StartAsync(flow =>
            flow.UseSqlite(file.Path).AddWorkflow<BookSeat>()
        );

        var booking = await engine.Client.StartAsync<BookSeat>("booking-1", new { seat = "7a" });
        await booking.EndAsync();

        await using var query = database.CreateCommand();
        query.CommandText = "SELECT count(*) FROM seats WHERE name = '7a'";
        Check.Equal(1L, await query.ExecuteScalarAsync());
        output.WriteLine("The row and the step are one commit: seat 7a is taken once.");
    }
}
