using GopherFlow.Hosting;
using GopherFlow.Persistence;
using GopherFlow.Persistence.Postgres;
using Npgsql;

namespace GopherFlow.Bench;

/// <summary>A schema on the server that GFLOW_BENCH_POSTGRES names.</summary>
internal sealed class PostgresBenchDatabase : BenchDatabase
{
    private const string Variable = "GFLOW_BENCH_POSTGRES";

    public override string Name => "postgres";

    public override async Task<EngineOptions> FreshAsync(string name, BenchOptions options)
    {
        var server =
            Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException(
                $"{Variable} is not set; expected the connection string of a PostgreSQL server, such as Host=127.0.0.1;Username=postgres."
            );
        var schema = $"bench_{name}";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var make = new NpgsqlCommand(
            $"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; CHECKPOINT;",
            connection
        );
        await make.ExecuteNonQueryAsync();
        var text = new NpgsqlConnectionStringBuilder(server) { SearchPath = schema }.ConnectionString;
        return DatabaseUrl.TryParse(DatabaseType.Postgres, text, out var url, out var fault)
            ? new EngineOptions
            {
                Database = DatabaseType.Postgres,
                DatabaseUrl = url,
                ExecutorSize = options.Slots,
                BatchSize = options.Batch,
            }
            : throw new InvalidOperationException($"{Variable} {fault}.");
    }

    public override IWorkflowStore Store(EngineOptions engine) =>
        new PostgresStore(engine.DatabaseUrl!.ConnectionString);

    public override async Task<IControl> ControlAsync(EngineOptions engine)
    {
        await WithStoreAsync(engine, _ => Task.FromResult(0));
        var connection = new NpgsqlConnection(engine.DatabaseUrl!.ConnectionString);
        await connection.OpenAsync();
        return new PostgresControl(connection);
    }
}
