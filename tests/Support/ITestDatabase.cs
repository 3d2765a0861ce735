using GopherFlow.Persistence;
using GopherFlow.Persistence.InMemory;
using GopherFlow.Persistence.Sqlite;

namespace GopherFlow.TestSupport;

/// <summary>A database for one test; gone when it is disposed.</summary>
internal interface ITestDatabase : IAsyncDisposable
{
    /// <summary>A store over it, as a process of its own would have.</summary>
    (IWorkflowStore Workflows, IAccountStore Accounts) Open();
}

/// <summary>No database: each store is its own.</summary>
internal sealed class MemoryTestDatabase : ITestDatabase
{
    public (IWorkflowStore Workflows, IAccountStore Accounts) Open()
    {
        var store = new InMemoryStore();
        return (store, store.Accounts);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A file in a folder of its own.</summary>
internal sealed class SqliteTestDatabase : ITestDatabase
{
    private readonly TempFolder folder = new();

    public string File => folder.File("test.db");

    public (IWorkflowStore Workflows, IAccountStore Accounts) Open()
    {
        var store = new SqliteStore(File);
        return (store, store.Accounts);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
