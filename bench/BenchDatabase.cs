using GopherFlow.Hosting;
using GopherFlow.Persistence;
using GopherFlow.Persistence.Sqlite;

namespace GopherFlow.Bench;

/// <summary>A database that is measured: how to come by a fresh one, and the raw SQL that stands beside it.</summary>
internal abstract class BenchDatabase
{
    /// <summary>What it is called on the command line and in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>Makes an empty database and gives the options that lead an engine to it.</summary>
    public abstract Task<EngineOptions> FreshAsync(string name, BenchOptions options);

    /// <summary>A store over a database, without an engine.</summary>
    public abstract IWorkflowStore Store(EngineOptions engine);

    /// <summary>The control over a database that <see cref="FreshAsync"/> made.</summary>
    public abstract Task<IControl> ControlAsync(EngineOptions engine);

    public static BenchDatabase Of(string name) => All.First(database => database.Name == name);

    /// <summary>Every database that can be measured.</summary>
    public static IReadOnlyList<BenchDatabase> All { get; } = [new SqliteBenchDatabase(), new PostgresBenchDatabase()];

    /// <summary>Opens a store, uses it and closes it.</summary>
    public async Task<T> WithStoreAsync<T>(EngineOptions engine, Func<IWorkflowStore, Task<T>> use)
    {
        await using var store = Store(engine);
        await store.InitializeAsync(CancellationToken.None);
        return await use(store);
    }

    private sealed class SqliteBenchDatabase : BenchDatabase
    {
        public override string Name => "sqlite";

        public override Task<EngineOptions> FreshAsync(string name, BenchOptions options)
        {
            Directory.CreateDirectory(options.Folder);
            foreach (var old in Directory.GetFiles(options.Folder, $"{name}.db*"))
            {
                File.Delete(old);
            }

            return Task.FromResult(
                new EngineOptions
                {
                    SqliteFile = Path.Combine(options.Folder, $"{name}.db"),
                    SqliteSynchronous = options.Synchronous,
                    ExecutorSize = options.Slots,
                    BatchSize = options.Batch,
                }
            );
        }

        public override IWorkflowStore Store(EngineOptions engine) =>
            new SqliteStore(engine.SqliteFile, engine.SqliteSynchronous);

        public override Task<IControl> ControlAsync(EngineOptions engine) =>
            Task.FromResult<IControl>(new SqliteControl(engine.SqliteFile, engine.SqliteSynchronous));
    }
}

/// <summary>
/// The control: the row writes of the same workflows, in transactions of the same size, by somebody who does nothing else.
/// A transaction creates some workflows, makes the first step of those created before, and the second of those before them, which
/// is what the engine's batches hold when creates and steps arrive together.
/// </summary>
internal interface IControl : IDisposable
{
    /// <summary>Writes so many workflows from their creation to their end.</summary>
    Task WriteAsync(int workflows, int perTransaction, string prefix);
}
