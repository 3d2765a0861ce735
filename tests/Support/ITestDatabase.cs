using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.TestSupport;

/// <summary>A store and what it keeps beside the workflows.</summary>
internal readonly record struct OpenedStore(
    IWorkflowStore Workflows,
    IAccountStore Accounts,
    IAuditLog Audit,
    IThroughputLog Throughput,
    IScriptStore Scripts,
    IJobStore Jobs,
    IScheduleStore Schedules
);

/// <summary>A database for one test; gone when it is disposed.</summary>
internal interface ITestDatabase : IAsyncDisposable
{
    /// <summary>A store over it, as a process of its own would have.</summary>
    /// <param name="clock">Stands in for the database's clock.</param>
    OpenedStore Open(TimeProvider? clock);

    /// <summary>A connection of somebody else's to the same database, open.</summary>
    DbConnection Connect();
}

/// <summary>No database: all that it opens see the rows of the first.</summary>
internal sealed class MemoryTestDatabase : ITestDatabase
{
    private InMemoryStore? first;

    public OpenedStore Open(TimeProvider? clock)
    {
        var store = first?.Another() ?? new InMemoryStore(clock);
        first ??= store;
        return new OpenedStore(
            store,
            store.Accounts,
            store.Audit,
            store.Throughput,
            store.Scripts,
            store.Jobs,
            store.Schedules
        );
    }

    public DbConnection Connect() => throw new NotSupportedException("There is no database.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A file in a folder of its own.</summary>
internal sealed class SqliteTestDatabase : ITestDatabase
{
    private readonly TempFolder folder = new();

    public string File => folder.File("test.db");

    public OpenedStore Open(TimeProvider? clock)
    {
        var store = new SqliteStore(File, clock: clock);
        return new OpenedStore(
            store,
            store.Accounts,
            store.Audit,
            store.Throughput,
            store.Scripts,
            store.Jobs,
            store.Schedules
        );
    }

    public DbConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File}");
        connection.Open();
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
