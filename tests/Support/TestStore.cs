using GopherFlow.Persistence;
using GopherFlow.Persistence.InMemory;
using GopherFlow.Persistence.MySql;
using GopherFlow.Persistence.Sqlite;

namespace GopherFlow.TestSupport;

/// <summary>The stores that every test of behaviour runs over.</summary>
public enum StoreKind
{
    /// <summary>The in-memory store.</summary>
    InMemory,

    /// <summary>The SQLite store, on a file of its own.</summary>
    Sqlite,

    /// <summary>The MySQL store, in a database of its own on a MariaDB server.</summary>
    MariaDb,
}

/// <summary>A fresh store of a kind, and what goes away with it.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly MariaDbDatabase? database;
    private readonly Func<string, (IWorkflowStore, IAccountStore)> open;

    private TestStore(StoreKind kind, Func<string, (IWorkflowStore, IAccountStore)> open, MariaDbDatabase? database)
    {
        Kind = kind;
        this.database = database;
        this.open = open;
        (Workflows, Accounts) = open(folder.File("test.db"));
    }

    /// <summary>Which.</summary>
    public StoreKind Kind { get; }

    /// <summary>The workflows.</summary>
    public IWorkflowStore Workflows { get; }

    /// <summary>The accounts in the same database.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The database file, for stores that have one.</summary>
    public string File => folder.File("test.db");

    /// <summary>Makes and opens a store.</summary>
    public static async Task<TestStore> OpenAsync(StoreKind kind)
    {
        var database = kind == StoreKind.MariaDb ? MariaDbDatabase.Take() : null;
        var store = new TestStore(
            kind,
            kind switch
            {
                StoreKind.InMemory => _ =>
                {
                    var memory = new InMemoryStore();
                    return (memory, memory.Accounts);
                },
                StoreKind.MariaDb => _ =>
                {
                    var mysql = new MySqlStore(database!.ConnectionString);
                    return (mysql, mysql.Accounts);
                },
                _ => file =>
                {
                    var sqlite = new SqliteStore(file);
                    return (sqlite, sqlite.Accounts);
                },
            },
            database
        );
        await store.Workflows.InitializeAsync(CancellationToken.None);
        return store;
    }

    /// <summary>A second store over the same database, as another process would have; only where there is a database.</summary>
    public async Task<IWorkflowStore> OpenAnotherAsync()
    {
        var (another, _) = open(File);
        await another.InitializeAsync(CancellationToken.None);
        return another;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Workflows.DisposeAsync();
        database?.Dispose();
        folder.Dispose();
    }
}
