using GopherFlow.Bench.Costs;
using GopherFlow.Hosting;
using GopherFlow.Storage;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Bench.Databases;

/// <summary>A schema on the server in GFLOW_BENCH_POSTGRES.</summary>
internal sealed class PostgresBenchDatabase : BenchDatabase
{
    private const string Variable = "GFLOW_BENCH_POSTGRES";

    public override string Name => "postgres";

    public override string? Missing =>
        Address is null
            ? $"{Variable} is not set. Run 'dotnet fsi build.fsx bench --database postgres', which starts a server, "
                + "or set it to an administrator's connection string, such as Host=127.0.0.1;Username=postgres;Database=postgres."
            : null;

    private static string? Address => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null;

    public override async Task<Target> FreshAsync(string name, BenchOptions options)
    {
        var engine = At(name, options);
        await RunAsync(engine, $"DROP SCHEMA IF EXISTS {Schema(name)} CASCADE");
        await RunAsync(engine, $"CREATE SCHEMA {Schema(name)}");
        await RunAsync(engine, "CHECKPOINT");
        return engine;
    }

    public override Target At(string name, BenchOptions options) =>
        TargetAt(new NpgsqlConnectionStringBuilder(Address) { SearchPath = Schema(name) }.ConnectionString, options);

    public override void Use(GopherFlowRegistration registration, Target engine) =>
        registration.UsePostgres(engine.Address);

    public override IWorkflowStore Store(Target engine) => new PostgresStore(engine.Address);

    public override async Task<IControl> ControlAsync(Target engine)
    {
        await MigrateAsync(engine);
        return new PostgresControl(await ConnectAsync(engine));
    }

    public override async Task<IDatabaseServer> ServerAsync(Target engine) =>
        new PostgresServer(await ConnectAsync(engine));

    /// <summary>
    /// A batch is one operation of the driver and one transaction of the server, and so is each query of the measurement.
    /// </summary>
    public override Traffic TrafficOf(ServerCounts server, ProcessTally processes, long ownQueries) =>
        new(server.Transactions - ownQueries, processes.DriverOperations - ownQueries);

    public override async Task SettleAsync(Target engine)
    {
        await RunAsync(
            engine,
            "VACUUM (ANALYZE) workflow, workflow_run, workflow_result, workflow_actions, workflow_counts"
        );
        await RunAsync(engine, "CHECKPOINT");
    }

    public override async Task<Target> KeptAsync(string name, BenchOptions options)
    {
        var engine = At(name, options);
        await RunAsync(engine, $"CREATE SCHEMA IF NOT EXISTS {Schema(name)}");
        return engine;
    }

    public override async Task FillAsync(Target engine, int workflows)
    {
        await using var connection = await ConnectAsync(engine);
        await new PostgresLargeTable(connection).FillAsync(workflows);
    }

    private static string Schema(string name) => $"bench_{name}";

    private static async Task RunAsync(Target engine, string sql)
    {
        await using var connection = await ConnectAsync(engine);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Opens a connection without a pool, so that no idle connection stays open on the server.</summary>
    private static async Task<NpgsqlConnection> ConnectAsync(Target engine)
    {
        var settings = new NpgsqlConnectionStringBuilder(engine.Address) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
