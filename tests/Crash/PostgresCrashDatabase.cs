using System.Data.Common;
using System.Diagnostics;
using GopherFlow.Persistence;
using GopherFlow.Persistence.Postgres;
using GopherFlow.TestSupport;
using Npgsql;

namespace GopherFlow.Crash;

/// <summary>
/// A schema on the test server. Connections are cut, and the server is thrown into its crash recovery: when one of its processes is
/// killed, PostgreSQL ends all the others and starts again from its log.
/// </summary>
internal sealed class PostgresCrashDatabase : CrashDatabase
{
    private readonly PostgresTestDatabase database;
    private readonly PostgresStore store;

    private PostgresCrashDatabase(PostgresTestDatabase database)
    {
        this.database = database;
        store = new PostgresStore(database.ConnectionString);
    }

    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "POSTGRES",
            ["GFLOW_DATABASE_URL"] = database.ConnectionString,
        };

    public override IWorkflowStore Store => store;

    public override IReadOnlyList<Blow> Blows =>
        [new("cut all connections", CutConnectionsAsync), new("crash of the server", CrashAsync)];

    public static async Task<CrashDatabase> OpenAsync() =>
        new PostgresCrashDatabase(await PostgresTestDatabase.CreateAsync());

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = Unpooled();
        await connection.OpenAsync();
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    private Task CutConnectionsAsync(CancellationToken stop) =>
        WithConnectionAsync(
            connection =>
                AskAsync(
                    connection,
                    "SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
                    stop
                ),
            stop
        );

    private Task CrashAsync(CancellationToken stop) =>
        WithConnectionAsync(
            async connection =>
            {
                using var process = Process.GetProcessById(await AskAsync(connection, "SELECT pg_backend_pid()", stop));
                process.Kill();
            },
            stop
        );

    /// <summary>Uses a connection of its own, as soon as the server takes one.</summary>
    private async Task WithConnectionAsync(Func<NpgsqlConnection, Task> use, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await using var connection = Unpooled();
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

    /// <summary>Not of the pool, in which there may be connections that were cut.</summary>
    private NpgsqlConnection Unpooled() =>
        new(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
}
