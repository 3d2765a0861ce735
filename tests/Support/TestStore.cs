using System.Data.Common;
using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>A new store of a kind. Disposing it also removes its database.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly ITestDatabase database;
    private readonly TimeProvider? clock;

    private TestStore(StoreKind kind, ITestDatabase database, TimeProvider? clock)
    {
        Kind = kind;
        this.database = database;
        this.clock = clock;
        (Workflows, Accounts, Audit, Throughput, Scripts, Jobs, Schedules) = database.Open(clock);
    }

    /// <summary>The kind of the store.</summary>
    public StoreKind Kind { get; }

    /// <summary>The store of workflows.</summary>
    public IWorkflowStore Workflows { get; }

    /// <summary>The accounts in the same database.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The audit log in the same database.</summary>
    public IAuditLog Audit { get; }

    /// <summary>The counts of recently ended workflows in the same database.</summary>
    public IThroughputLog Throughput { get; }

    /// <summary>The scripts in the same database.</summary>
    public IScriptStore Scripts { get; }

    /// <summary>The jobs in the same database.</summary>
    public IJobStore Jobs { get; }

    /// <summary>The schedules in the same database.</summary>
    public IScheduleStore Schedules { get; }

    /// <summary>The database file of a SQLite store.</summary>
    public string File => ((SqliteTestDatabase)database).File;

    /// <summary>Creates and opens a store.</summary>
    /// <param name="kind">The kind of the store.</param>
    /// <param name="clock">Replaces the clock of the database.</param>
    public static async Task<TestStore> OpenAsync(StoreKind kind, TimeProvider? clock = null)
    {
        var store = new TestStore(
            kind,
            kind switch
            {
                StoreKind.InMemory => new MemoryTestDatabase(),
                StoreKind.Sqlite => new SqliteTestDatabase(),
                StoreKind.Postgres => await PostgresTestDatabase.CreateAsync(),
                StoreKind.MariaDb => MariaDbTestDatabase.Take(),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of store."),
            },
            clock
        );
        await store.Workflows.InitializeAsync(CancellationToken.None);
        return store;
    }

    /// <summary>Opens a separate connection to the same database.</summary>
    public DbConnection Connect() => database.Connect();

    /// <summary>Opens a second store over the same database, as in another process.</summary>
    public async Task<IWorkflowStore> OpenAnotherAsync()
    {
        var another = database.Open(clock).Workflows;
        await another.InitializeAsync(CancellationToken.None);
        return another;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Workflows.DisposeAsync();
        await database.DisposeAsync();
    }
}
