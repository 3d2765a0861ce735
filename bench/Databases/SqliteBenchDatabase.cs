using GopherFlow.Bench.Costs;
using GopherFlow.Hosting;
using GopherFlow.Storage;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Bench.Databases;

/// <summary>A SQLite file in the folder of the options.</summary>
internal sealed class SqliteBenchDatabase : BenchDatabase
{
    public override string Name => "sqlite";

    public override Task<Target> FreshAsync(string name, BenchOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        foreach (var old in Directory.GetFiles(options.Folder, $"{name}.db*"))
        {
            File.Delete(old);
        }

        return Task.FromResult(At(name, options));
    }

    public override Target At(string name, BenchOptions options) =>
        TargetAt(Path.Combine(options.Folder, $"{name}.db"), options);

    public override void Use(GopherFlowRegistration registration, Target engine) =>
        registration.UseSqlite(engine.Address, engine.Synchronous);

    public override IWorkflowStore Store(Target engine) => new SqliteStore(engine.Address, engine.Synchronous);

    public override Task<IControl> ControlAsync(Target engine) =>
        Task.FromResult<IControl>(new SqliteControl(engine.Address, engine.Synchronous));

    public override Task<IDatabaseServer> ServerAsync(Target engine) =>
        Task.FromResult<IDatabaseServer>(new SqliteInProcess(engine));

    public override Traffic TrafficOf(ServerCounts server, ProcessTally processes, long ownQueries) =>
        new(processes.StoreCalls, RoundTrips: null);

    /// <summary>Writes the write-ahead log to the file, and the file to the disk.</summary>
    public override Task SettleAsync(Target engine)
    {
        using var connection = SqliteDatabase.Connect(engine.Address, SqliteSynchronous.Full);
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    /// <summary>SQLite has no server: it runs on the threads of the engine.</summary>
    private sealed class SqliteInProcess(Target engine) : IDatabaseServer
    {
        public ServerCpu Cpu() => new(null, "in the process");

        public Task<string> DescribeAsync()
        {
            using var sqlite = new SqliteConnection();
            var synchronous = engine.Synchronous.ToString().ToUpperInvariant();
            return Task.FromResult($"SQLite {sqlite.ServerVersion}, synchronous={synchronous}");
        }

        public Task<ServerCounts> CountsAsync() => Task.FromResult(new ServerCounts(0));

        public Task WaitUntilAloneAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
