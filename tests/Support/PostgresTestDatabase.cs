using System.Data.Common;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.TestSupport;

/// <summary>
/// A schema of its own on the test server, which is much quicker to make than a database. Its sessions are far from UTC, which must
/// change nothing. With GFLOW_TEST_PGBOUNCER=session or transaction a PgBouncer is in between, and each schema has a role, whose name
/// leads to it.
/// </summary>
public sealed class PostgresTestDatabase : ITestDatabase
{
    private static readonly Lazy<Task<PgBouncer?>> Pooler = new(StartPoolerAsync);

    private readonly NpgsqlConnectionStringBuilder server;

    private PostgresTestDatabase(string schema, PgBouncer? pooler)
    {
        Schema = schema;
        server = new NpgsqlConnectionStringBuilder(Server);
        var settings = new NpgsqlConnectionStringBuilder(Server) { Timezone = "Asia/Kathmandu" };
        if (pooler is null)
        {
            settings.SearchPath = schema;
        }
        else
        {
            (settings.Host, settings.Port, settings.Username) = ("127.0.0.1", pooler.Port, schema);
        }

        ConnectionString = settings.ConnectionString;
    }

    /// <summary>How the pooler that all are behind lends connections; empty if there is none.</summary>
    public static string PoolMode => Environment.GetEnvironmentVariable("GFLOW_TEST_PGBOUNCER") ?? "";

    private static string Server => StoreKinds.RequireServerOf(StoreKind.Postgres);

    /// <summary>The name of the schema.</summary>
    public string Schema { get; }

    /// <summary>What a store over it is given.</summary>
    public string ConnectionString { get; }

    public DbConnection Connect()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Makes the schema, empty.</summary>
    public static async Task<PostgresTestDatabase> CreateAsync()
    {
        var database = new PostgresTestDatabase($"test_{Guid.NewGuid():N}", await Pooler.Value);
        await database.ExecuteAsync($"CREATE SCHEMA {database.Schema}");
        if (PoolMode is not "")
        {
            await database.AddRoleAsync();
            await database.GiveRoleSettingsAsync();
        }

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
        return new OpenedStore(
            store,
            store.Accounts,
            store.Audit,
            store.Throughput,
            store.Scripts,
            store.Jobs,
            store.Schedules
        );
    }

    /// <summary>Drops the schema, and the role of its name if a test has made one.</summary>
    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
        await ExecuteAsync($"DROP ROLE IF EXISTS {Schema}");
    }

    /// <summary>Of the schema's name, which the server's default search path names first.</summary>
    public async Task AddRoleAsync() => await ExecuteAsync($"CREATE ROLE {Schema} LOGIN SUPERUSER");

    /// <summary>What a store sets for its sessions, for when they are not its own.</summary>
    public async Task GiveRoleSettingsAsync() =>
        await ExecuteAsync(
            $"""
            ALTER ROLE {Schema} SET jit = off;
            ALTER ROLE {Schema} SET enable_seqscan = off;
            ALTER ROLE {Schema} SET plan_cache_mode = force_generic_plan;
            ALTER ROLE {Schema} SET idle_in_transaction_session_timeout = '10s'
            """
        );

    private static async Task<PgBouncer?> StartPoolerAsync()
    {
        if (PoolMode is not { Length: > 0 } mode)
        {
            return null;
        }

        var pooler = await PgBouncer.StartAsync(Server, mode, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => pooler.Kill();
        return pooler;
    }
}
