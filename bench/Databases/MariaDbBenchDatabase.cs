using System.Data.Common;
using GopherFlow.Bench.Costs;
using GopherFlow.Hosting;
using GopherFlow.Storage;
using GopherFlow.Stores.MySql;
using MySqlConnector;

namespace GopherFlow.Bench.Databases;

/// <summary>A database on the server in GFLOW_BENCH_MARIADB.</summary>
internal sealed class MariaDbBenchDatabase : BenchDatabase
{
    private const string Variable = "GFLOW_BENCH_MARIADB";
    private const int CommandSeconds = 600;

    public override string Name => "mariadb";

    public override string? Missing =>
        Address is null
            ? $"{Variable} is not set. Run 'dotnet fsi build.fsx bench --database mariadb', which starts a server, "
                + "or set it to an administrator's connection string, such as Server=127.0.0.1;User ID=root;Password=..."
            : null;

    private static string? Address => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null;

    public override Task<Target> FreshAsync(string name, BenchOptions options)
    {
        using var connection = Open(Address!);
        Run(connection, $"DROP DATABASE IF EXISTS {Schema(name)}");
        Run(connection, $"CREATE DATABASE {Schema(name)}");
        return Task.FromResult(At(name, options));
    }

    public override Target At(string name, BenchOptions options)
    {
        var address = new DbConnectionStringBuilder { ConnectionString = Address! };
        address["Database"] = Schema(name);
        return TargetAt(address.ConnectionString, options);
    }

    public override void Use(GopherFlowRegistration registration, Target engine) =>
        registration.UseMySql(engine.Address);

    public override IWorkflowStore Store(Target engine) => new MySqlStore(engine.Address);

    public override async Task<IControl> ControlAsync(Target engine)
    {
        await MigrateAsync(engine);
        return new MySqlControl(engine.Address);
    }

    public override Task<IDatabaseServer> ServerAsync(Target engine) =>
        Task.FromResult<IDatabaseServer>(new MariaDbServer(Open(engine.Address)));

    /// <summary>The queries of the measurement run outside transactions.</summary>
    public override Traffic TrafficOf(ServerCounts server, ProcessTally processes, long ownQueries) =>
        new(server.Transactions, processes.DriverOperations - ownQueries);

    /// <summary>FLUSH TABLES FOR EXPORT writes all pages of the tables to the disk.</summary>
    public override Task SettleAsync(Target engine)
    {
        using var connection = Open(engine.Address);
        Run(connection, "ANALYZE TABLE workflow, workflow_run, workflow_result, workflow_actions, workflow_counts");
        Run(
            connection,
            "FLUSH TABLES workflow, workflow_run, workflow_result, workflow_actions, workflow_counts FOR EXPORT"
        );
        Run(connection, "UNLOCK TABLES");
        return Task.CompletedTask;
    }

    private static string Schema(string name) => $"bench_{name}";

    private static MySqlConnection Open(string connectionString)
    {
        var connection = new MySqlConnection(
            $"{connectionString};Pooling=false;Default Command Timeout={CommandSeconds}"
        );
        connection.Open();
        return connection;
    }

    private static void Run(MySqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
