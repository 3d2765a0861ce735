using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash;

/// <summary>The database that the executors share, and the blows that it can suffer.</summary>
internal abstract class CrashDatabase : IAsyncDisposable
{
    /// <summary>The available databases.</summary>
    public static IReadOnlyList<string> Kinds =>
        [
            .. StoreKinds
                .Here.Where(kind => kind != StoreKind.InMemory)
                .Select(kind => kind.ToString().ToLowerInvariant()),
        ];

    /// <summary>Two PostgreSQL servers with failover.</summary>
    public const string Pair = "postgres-pair";

    /// <summary>Three MariaDB servers that form a Galera cluster.</summary>
    public const string Galera = "galera";

    /// <summary>The possible databases of a run, including groups of servers if their programs are installed.</summary>
    public static IReadOnlyList<string> Choices =>
        [.. Kinds, .. PostgresPair.IsHere ? [Pair] : (string[])[], .. GaleraCluster.IsHere ? [Galera] : (string[])[]];

    /// <summary>The settings of an executor that uses the database.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Creates the table of the ledger. A row gets the time of the database's own clock, in milliseconds since 1970.</summary>
    public abstract string CreateLedger { get; }

    /// <summary>The store that the crash run itself uses to create and check workflows.</summary>
    public abstract IWorkflowStore Store { get; }

    /// <summary>The jobs in the same database.</summary>
    public IJobStore Jobs => ((SqlStore)Store).Jobs;

    /// <summary>The schedules in the same database.</summary>
    public IScheduleStore Schedules => ((SqlStore)Store).Schedules;

    /// <summary>The blows to the database itself; none for a file.</summary>
    public virtual IReadOnlyList<Blow> Blows => [];

    /// <summary>The settings of an executor, by its index from 0.</summary>
    public virtual IReadOnlyDictionary<string, string> SettingsOf(int place) => Settings;

    /// <summary>Creates an empty database of a kind.</summary>
    public static async Task<CrashDatabase> OpenAsync(string kind, Action<string> tell) =>
        kind switch
        {
            Pair => await PostgresPairCrashDatabase.OpenAsync(tell),
            Galera => await GaleraCrashDatabase.OpenAsync(tell),
            _ => await OpenAsync(kind),
        };

    /// <summary>Creates an empty database of one of the <see cref="Kinds"/>.</summary>
    public static async Task<CrashDatabase> OpenAsync(string kind) =>
        Enum.Parse<StoreKind>(kind, ignoreCase: true) switch
        {
            StoreKind.Postgres => await PostgresCrashDatabase.OpenAsync(),
            StoreKind.MariaDb => new MariaDbCrashDatabase(),
            _ => new SqliteCrashDatabase(),
        };

    /// <summary>Opens a connection of the user.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A fault injected into the executors or their database.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="StrikeAsync">Injects the fault, and repairs it again.</param>
internal sealed record Blow(string Name, Func<CancellationToken, Task> StrikeAsync);
