using GopherFlow.Bench.Costs;
using GopherFlow.Hosting;
using GopherFlow.Persistence;
using GopherFlow.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Bench.Databases;

/// <summary>A file in the folder of the options.</summary>
internal sealed class SqliteBenchDatabase : BenchDatabase
{
    public override string Name => "sqlite";

    public override Task<EngineOptions> FreshAsync(string name, BenchOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        foreach (var old in Directory.GetFiles(options.Folder, $"{name}.db*"))
        {
            File.Delete(old);
        }

        return Task.FromResult(At(name, options));
    }

    public override EngineOptions At(string name, BenchOptions options) =>
        new()
        {
            SqliteFile = Path.Combine(options.Folder, $"{name}.db"),
            SqliteSynchronous = options.Synchronous,
            ExecutorSize = options.Slots,
            BatchSize = options.Batch,
        };

    public override IWorkflowStore Store(EngineOptions engine) =>
        new SqliteStore(engine.SqliteFile, engine.SqliteSynchronous);

    public override Task<IControl> ControlAsync(EngineOptions engine) =>
        Task.FromResult<IControl>(new SqliteControl(engine.SqliteFile, engine.SqliteSynchronous));

    public override Task<IDatabaseServer> ServerAsync(EngineOptions engine) =>
        Task.FromResult<IDatabaseServer>(new SqliteInProcess(engine));

    public override Traffic TrafficOf(ServerCounts server, ProcessTally processes, long ownQueries) =>
        new(processes.StoreCalls, RoundTrips: null);

    /// <summary>What is in the write-ahead log goes to the file, and the file to the disk.</summary>
    public override Task SettleAsync(EngineOptions engine)
    {
        using var connection = SqliteDatabase.Connect(engine.SqliteFile, SqliteSynchronous.Full);
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    /// <summary>There is no server: the work is done by the threads of the engine.</summary>
    private sealed class SqliteInProcess(EngineOptions engine) : IDatabaseServer
    {
        public ServerCpu Cpu() => new(null, "in the process");

        public Task<string> DescribeAsync()
        {
            using var sqlite = new SqliteConnection();
            var synchronous = engine.SqliteSynchronous.ToString().ToUpperInvariant();
            return Task.FromResult($"SQLite {sqlite.ServerVersion}, synchronous={synchronous}");
        }

        public Task<ServerCounts> CountsAsync() => Task.FromResult(new ServerCounts(0, 0));

        public Task WaitUntilAloneAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
