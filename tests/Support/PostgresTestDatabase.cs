using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.TestSupport;

/// <summary>
/// A schema of its own on the test server, which is much quicker to make than a database. Its sessions are far from UTC, which must
/// change nothing.
/// </summary>
public sealed class PostgresTestDatabase : ITestDatabase
{
    private readonly NpgsqlConnectionStringBuilder server;

    private PostgresTestDatabase(string schema)
    {
        Schema = schema;
        server = new NpgsqlConnectionStringBuilder(StoreKinds.RequireServerOf(StoreKind.Postgres));
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            SearchPath = schema,
            Timezone = "Asia/Kathmandu",
        }.ConnectionString;
    }

    /// <summary>The name of the schema.</summary>
    public string Schema { get; }

    /// <summary>What a store over it is given.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes the schema, empty.</summary>
    public static async Task<PostgresTestDatabase> CreateAsync()
    {
        var database = new PostgresTestDatabase($"test_{Guid.NewGuid():N}");
        await database.ExecuteAsync($"CREATE SCHEMA {database.Schema}");
        return database;
    }

    /// <summary>Runs a statement as the server's administrator.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        // Not of the pool: a test may have cut every connection there is.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    OpenedStore ITestDatabase.Open(TimeProvider? clock)
    {
        var store = new PostgresStore(ConnectionString, clock);
        return new OpenedStore(store, store.Accounts, store.Scripts, store.Jobs);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
}
