using System.Data.Common;
using System.Diagnostics;
using GopherFlow.Storage;
using GopherFlow.Stores.Postgres;
using GopherFlow.TestSupport;
using Npgsql;

namespace GopherFlow.Crash;

/// <summary>
/// A schema on the test server with its own role for the executors, because the connections of an administrator are not limited.
/// Connections are cut or used up by others, and the server is restarted or forced into crash recovery: when one of its processes
/// is killed, PostgreSQL terminates all others and recovers from its log.
/// </summary>
internal sealed class PostgresCrashDatabase : ServerCrashDatabase
{
    /// <summary>Enough for three executors and the run itself, and few enough to be used up soon.</summary>
    private const int Places = 80;
    private const string CrowdName = "crowd";
    private const string CutConnections = $"""
        SELECT count(pg_terminate_backend(pid))::int
          FROM pg_stat_activity
         WHERE pid <> pg_backend_pid()
           AND application_name <> '{CrowdName}'
        """;

    internal const string Ledger = """
        CREATE TABLE ledger (
            workflow_id BIGINT       NOT NULL,
            step_key    VARCHAR(600) NOT NULL,
            entered     BIGINT       NOT NULL DEFAULT (1000 * extract(epoch FROM clock_timestamp()))
        )
        """;

    private readonly PostgresTestDatabase database;
    private readonly string connectionString;
    private readonly PostgresStore store;

    private PostgresCrashDatabase(PostgresTestDatabase database)
    {
        this.database = database;
        connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = database.Schema,
            Password = database.Schema,
        }.ConnectionString;
        store = new PostgresStore(connectionString);
    }

    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "POSTGRES",
            ["GFLOW_DATABASE_URL"] = connectionString,
        };

    public override string CreateLedger => Ledger;

    public override IWorkflowStore Store => store;

    /// <summary>
    /// The first executor has so few connections that they are often all in use: a pool of two, with a timeout of two seconds for a free
    /// one.
    /// </summary>
    public override IReadOnlyDictionary<string, string> SettingsOf(int place) =>
        place != 0
            ? Settings
            : new Dictionary<string, string>(Settings)
            {
                ["GFLOW_DATABASE_URL"] = new NpgsqlConnectionStringBuilder(connectionString)
                {
                    MaxPoolSize = 2,
                    Timeout = 2,
                }.ConnectionString,
            };

    public override IReadOnlyList<Blow> Blows => [new("crash of the server", CrashAsync), .. ServerBlows()];

    public override PrivateServer? Server =>
        PrivateServer.Find(StoreKind.Postgres, () => ConnectAsync(Unpooled(database.ConnectionString)));

    public static async Task<CrashDatabase> OpenAsync()
    {
        var database = await PostgresTestDatabase.CreateAsync();
        await database.ExecuteAsync(
            $"CREATE ROLE {database.Schema} LOGIN PASSWORD '{database.Schema}' CONNECTION LIMIT {Places}"
        );
        await database.ExecuteAsync($"ALTER SCHEMA {database.Schema} OWNER TO {database.Schema}");
        return new PostgresCrashDatabase(database);
    }

    public override Task<DbConnection> ConnectAsync() => ConnectAsync(Unpooled(connectionString));

    public override Task<Crowd> NewCrowdAsync() =>
        Task.FromResult(new Crowd(() => ConnectAsync(Unpooled(connectionString, CrowdName)), store.IsTransient));

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override Task CutConnectionsAsync(CancellationToken stop) =>
        WithConnectionAsync(connection => AskAsync(connection, CutConnections, stop), stop);

    private Task CrashAsync(CancellationToken stop) =>
        WithConnectionAsync(
            async connection =>
            {
                using var process = Process.GetProcessById(await AskAsync(connection, "SELECT pg_backend_pid()", stop));
                process.Kill();
            },
            stop
        );

    /// <summary>Uses a new connection, as soon as the server accepts one.</summary>
    private async Task WithConnectionAsync(Func<NpgsqlConnection, Task> use, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await using var connection = Unpooled(database.ConnectionString);
                await connection.OpenAsync(stop);
                await use(connection);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100, stop);
            }
        }
    }

    private static async Task<int> AskAsync(NpgsqlConnection connection, string question, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return (int)(await command.ExecuteScalarAsync(stop))!;
    }

    private static async Task<DbConnection> ConnectAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection outside the pool, which may contain broken connections.</summary>
    private static NpgsqlConnection Unpooled(string connectionString, string? name = null) =>
        new(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                ApplicationName = name,
            }.ConnectionString
        );
}
