using GopherFlow.Bench.Costs;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Bench.Databases;

/// <summary>A database that is measured: how to come by a fresh one, and the raw SQL that stands beside it.</summary>
internal abstract class BenchDatabase
{
    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Why it cannot be measured as things are, or null.</summary>
    public virtual string? Missing => null;

    /// <summary>Makes an empty database and gives the options that lead an engine to it.</summary>
    public abstract Task<Target> FreshAsync(string name, BenchOptions options);

    /// <summary>The options that lead an engine to a database that <see cref="FreshAsync"/> made, perhaps in another process.</summary>
    public abstract Target At(string name, BenchOptions options);

    /// <summary>A store over a database, without an engine.</summary>
    public abstract IWorkflowStore Store(Target engine);

    /// <summary>The control over a database that <see cref="FreshAsync"/> made.</summary>
    public abstract Task<IControl> ControlAsync(Target engine);

    /// <summary>The server behind a database, to be asked what it has done.</summary>
    public abstract Task<IDatabaseServer> ServerAsync(Target engine);

    /// <summary>
    /// What engines have sent to the database: from what the server has counted and what the processes have, without the queries
    /// of the measurement itself.
    /// </summary>
    public abstract Traffic TrafficOf(ServerCounts server, ProcessTally processes, long ownQueries);

    /// <summary>Does what a database has long done when its rows are old: statistics, and whatever waits to be written.</summary>
    public virtual Task SettleAsync(Target engine) => Task.CompletedTask;

    /// <summary>The database that a former run has left under this name, or an empty one.</summary>
    public virtual Task<Target> KeptAsync(string name, BenchOptions options) => FreshAsync(name, options);

    /// <summary>Fills a database that has its tables with workflows of many kinds, by SQL alone.</summary>
    /// <exception cref="BenchException">There is no SQL for this database.</exception>
    public virtual Task FillAsync(Target engine, int workflows) =>
        throw new BenchException("--large is for --database postgres alone.");

    public static BenchDatabase Of(string name) => All.First(database => database.Name == name);

    /// <summary>Every database that can be measured.</summary>
    public static IReadOnlyList<BenchDatabase> All { get; } =
    [new SqliteBenchDatabase(), new PostgresBenchDatabase(), new MariaDbBenchDatabase()];

    /// <summary>Brings the schema up to date, as an engine that starts does.</summary>
    protected async Task MigrateAsync(Target engine)
    {
        await using var store = Store(engine);
        await store.InitializeAsync(CancellationToken.None);
    }

    /// <summary>Has an engine keep its workflows there.</summary>
    public abstract void Use(GopherFlowRegistration registration, Target engine);

    /// <summary>A database and the engine that is to work on it.</summary>
    protected static Target TargetAt(string address, BenchOptions options) =>
        new(
            address,
            options.Synchronous,
            new EngineOptions
            {
                ExecutorSize = options.Slots,
                BatchSize = options.Batch,
                // What the killed have held is to be taken over soon.
                Lease = options.Limits > 0 ? TimeSpan.FromSeconds(2) : new EngineOptions().Lease,
            }
        );
}

/// <summary>A database to measure, and how the engine runs on it.</summary>
/// <param name="Address">A connection string or the name of a file.</param>
/// <param name="Synchronous">The durability of a file.</param>
/// <param name="Options">How the engine runs.</param>
internal sealed record Target(string Address, SqliteSynchronous Synchronous, EngineOptions Options);
