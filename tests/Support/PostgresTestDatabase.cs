using System.Data.Common;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.TestSupport;

/// <summary>
/// A new schema on the test server, which is created much faster than a database. The time zone of its sessions is far from UTC, which
/// must have no effect. With GFLOW_TEST_PGBOUNCER=session or transaction a PgBouncer is in between, and each schema has a role of the
/// same name, whose search path leads to it.
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

    /// <summary>The pool mode of the PgBouncer in front of all test databases; empty without one.</summary>
    public static string PoolMode => Environment.GetEnvironmentVariable("GFLOW_TEST_PGBOUNCER") ?? "";

    private static string Server => StoreKinds.RequireServerOf(StoreKind.Postgres);

    /// <summary>The name of the schema.</summary>
    public string Schema { get; }

    /// <summary>The connection string for a store in the schema.</summary>
    public string ConnectionString { get; }

    public DbConnection Connect()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Creates the schema, empty.</summary>
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

    /// <summary>Runs a statement as the administrator of the server.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        // Not pooled, because a test may have cut all connections.
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

    /// <summary>Drops the schema, and the role of the same name if there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
        await ExecuteAsync($"DROP ROLE IF EXISTS {Schema}");
    }

    /// <summary>Creates a role with the name of the schema, which the default search path of the server contains first.</summary>
    public async Task AddRoleAsync() => await ExecuteAsync($"CREATE ROLE {Schema} LOGIN SUPERUSER");

    /// <summary>Gives the role the settings that a store otherwise sets for its own sessions.</summary>
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
