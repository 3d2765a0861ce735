using System.Data.Common;
using GopherFlow.Persistence;
using GopherFlow.Persistence.Sqlite;
using GopherFlow.TestSupport;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Crash;

/// <summary>The database that the executors share, and what can be done to it.</summary>
internal abstract class CrashDatabase : IAsyncDisposable
{
    /// <summary>The databases that there are.</summary>
    public static IReadOnlyList<string> Kinds => ["sqlite"];

    /// <summary>The settings that lead an executor to it.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The store, as the crash run itself uses it to create and to check.</summary>
    public abstract IWorkflowStore Store { get; }

    /// <summary>What can be done to the database itself while executors run; none for a file.</summary>
    public virtual IReadOnlyList<Blow> Blows => [];

    public static CrashDatabase Of(string kind) =>
        kind switch
        {
            "sqlite" => new SqliteCrashDatabase(),
            _ => throw new ArgumentException(
                $"--database is '{kind}'; expected one of {string.Join(", ", Kinds)}.",
                nameof(kind)
            ),
        };

    /// <summary>A connection of the user's own.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    public abstract ValueTask DisposeAsync();

    private sealed class SqliteCrashDatabase : CrashDatabase
    {
        private readonly TempFolder folder = new();
        private readonly SqliteStore store;

        public SqliteCrashDatabase() => store = new SqliteStore(File);

        public override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>
            {
                ["GFLOW_DATABASE_TYPE"] = "SQLITE",
                ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = File,
            };

        public override IWorkflowStore Store => store;

        private string File => folder.File("crash.db");

        public override async Task<DbConnection> ConnectAsync()
        {
            var connection = new SqliteConnection($"Data Source={File};Pooling=False");
            await connection.OpenAsync();
            return connection;
        }

        public override async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            folder.Dispose();
        }
    }
}

/// <summary>Something that is done to the executors or to their database.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="StrikeAsync">Does it, and mends it again.</param>
internal sealed record Blow(string Name, Func<CancellationToken, Task> StrikeAsync);
