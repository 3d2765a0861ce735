using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.TestSupport;

/// <summary>A workflow store and the other stores of its database.</summary>
internal readonly record struct OpenedStore(
    IWorkflowStore Workflows,
    IAccountStore Accounts,
    IAuditLog Audit,
    IThroughputLog Throughput,
    IScriptStore Scripts,
    IJobStore Jobs,
    IScheduleStore Schedules
);

/// <summary>A database for one test. Disposing it removes the data.</summary>
internal interface ITestDatabase : IAsyncDisposable
{
    /// <summary>Opens a store over it, as a separate process would.</summary>
    /// <param name="clock">Replaces the clock of the database.</param>
    OpenedStore Open(TimeProvider? clock);

    /// <summary>Opens a separate connection to the same database.</summary>
    DbConnection Connect();
}

/// <summary>Stands for the in-memory store: all opened stores share the rows of the first one.</summary>
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

/// <summary>A SQLite file in its own folder.</summary>
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
