using GopherFlow.Bench.Costs;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Bench.Databases;

/// <summary>A database to measure: creates fresh databases, and the raw-SQL control for comparison.</summary>
internal abstract class BenchDatabase
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The reason why it cannot be measured at present, or null.</summary>
    public virtual string? Missing => null;

    /// <summary>Creates an empty database and returns the options for an engine to use it.</summary>
    public abstract Task<Target> FreshAsync(string name, BenchOptions options);

    /// <summary>The options for using a database that <see cref="FreshAsync"/> has created, possibly in another process.</summary>
    public abstract Target At(string name, BenchOptions options);

    /// <summary>A store on a database, without an engine.</summary>
    public abstract IWorkflowStore Store(Target engine);

    /// <summary>The control on a database that <see cref="FreshAsync"/> has created.</summary>
    public abstract Task<IControl> ControlAsync(Target engine);

    /// <summary>The server of a database, for its statistics.</summary>
    public abstract Task<IDatabaseServer> ServerAsync(Target engine);

    /// <summary>
    /// The traffic of engines to the database, from the counters of the server and of the processes, without the queries of the
    /// measurement itself.
    /// </summary>
    public abstract Traffic TrafficOf(ServerCounts server, ProcessTally processes, long ownQueries);

    /// <summary>Completes the background work of the database after bulk writes, such as statistics and pending writes.</summary>
    public virtual Task SettleAsync(Target engine) => Task.CompletedTask;

    /// <summary>The database of an earlier run with this name, or an empty one.</summary>
    public virtual Task<Target> KeptAsync(string name, BenchOptions options) => FreshAsync(name, options);

    /// <summary>Fills a database that has its tables with workflows of many kinds, using SQL only.</summary>
    /// <exception cref="BenchException">This database is not supported.</exception>
    public virtual Task FillAsync(Target engine, int workflows) =>
        throw new BenchException("--large requires --database postgres.");

    public static BenchDatabase Of(string name) => All.First(database => database.Name == name);

    /// <summary>All databases that can be measured.</summary>
    public static IReadOnlyList<BenchDatabase> All { get; } =
    [new SqliteBenchDatabase(), new PostgresBenchDatabase(), new MariaDbBenchDatabase()];

    /// <summary>Migrates the schema like an engine at startup.</summary>
    protected async Task MigrateAsync(Target engine)
    {
        await using var store = Store(engine);
        await store.InitializeAsync(CancellationToken.None);
    }

    /// <summary>Configures an engine to use the database.</summary>
    public abstract void Use(GopherFlowRegistration registration, Target engine);

    /// <summary>A database and the options of the engine that uses it.</summary>
    protected static Target TargetAt(string address, BenchOptions options) =>
        new(
            address,
            options.Synchronous,
            new EngineOptions
            {
                ExecutorSize = options.Slots,
                BatchSize = options.Batch,
                // A short lease, so that the workflows of killed executors are taken over soon.
                Lease = options.Limits > 0 ? TimeSpan.FromSeconds(2) : new EngineOptions().Lease,
            }
        );
}

/// <summary>A database to measure, and the options of the engine that uses it.</summary>
/// <param name="Address">A connection string or a file name.</param>
/// <param name="Synchronous">The durability of a SQLite file.</param>
/// <param name="Options">The options of the engine.</param>
internal sealed record Target(string Address, SqliteSynchronous Synchronous, EngineOptions Options);
