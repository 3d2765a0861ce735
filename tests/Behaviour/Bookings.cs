using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Behaviour;

/// <summary>A table of the user in the database of the engine.</summary>
public static class Bookings
{
    /// <summary>For a step: inserts a row in a transaction.</summary>
    public static async Task AddAsync(DbConnection connection, DbTransaction transaction, string step)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO booking (step) VALUES (@step)";
        insert.Parameters.Add(new SqliteParameter("@step", step));
        await insert.ExecuteNonQueryAsync();
    }

    internal static async Task CreateTableAsync(Scene scene)
    {
        await using var connection = await OpenAsync(scene);
        await using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE booking (step TEXT NOT NULL)";
        await create.ExecuteNonQueryAsync(Scene.Stop);
    }

    internal static async Task<IReadOnlyList<string>> AllAsync(Scene scene)
    {
        await using var connection = await OpenAsync(scene);
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT step FROM booking ORDER BY rowid";
        await using var reader = await select.ExecuteReaderAsync(Scene.Stop);
        var booked = new List<string>();
        while (await reader.ReadAsync(Scene.Stop))
        {
            booked.Add(reader.GetString(0));
        }

        return booked;
    }

    private static async Task<SqliteConnection> OpenAsync(Scene scene)
    {
        var connection = new SqliteConnection($"Data Source={scene.Store.File};Pooling=False");
        await connection.OpenAsync(Scene.Stop);
        return connection;
    }
}
