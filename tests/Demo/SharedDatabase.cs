using Npgsql;

namespace GopherFlow.Demo.Tests;

/// <summary>Settings for several processes over one database.</summary>
internal static class SharedDatabase
{
    /// <summary>The admin API key of each process.</summary>
    public const string ApiKey = "a-key-of-the-admin-0001";

    private const string PostgresServer = "GFLOW_TEST_POSTGRES";

    /// <summary>Settings for an empty database. Skips the test when no database server is configured.</summary>
    /// <param name="database">SQLITE or POSTGRES.</param>
    /// <param name="folder">The folder of the SQLite file.</param>
    /// <param name="cancellation">Cancels the database calls.</param>
    public static async Task<Dictionary<string, string>> SettingsAsync(
        string database,
        TemporaryFolder folder,
        CancellationToken cancellation
    )
    {
        var settings = new Dictionary<string, string>
        {
            ["GFLOW_ADMIN_API_KEY"] = ApiKey,
            ["GFLOW_DATABASE_TYPE"] = database,
            ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = folder.File("gflow.db"),

            // No wait for the disk, which other tests may keep busy.
            ["GFLOW_DATABASE_SQLITE_SYNCHRONOUS"] = "NORMAL",
        };
        if (database == "POSTGRES")
        {
            settings["GFLOW_DATABASE_URL"] = await FreshSchemaAsync(cancellation);
        }

        return settings;
    }

    private static async Task<string> FreshSchemaAsync(CancellationToken cancellation)
    {
        var server = Environment.GetEnvironmentVariable(PostgresServer);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{PostgresServer} is not set");
        var schema = $"shared_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"CREATE SCHEMA {schema}", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return new NpgsqlConnectionStringBuilder(server) { SearchPath = schema }.ConnectionString;
    }
}
