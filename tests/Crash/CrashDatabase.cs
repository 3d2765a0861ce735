using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash;

/// <summary>The database that the executors share, and what can be done to it.</summary>
internal abstract class CrashDatabase : IAsyncDisposable
{
    /// <summary>The databases that there are here.</summary>
    public static IReadOnlyList<string> Kinds =>
        [
            .. StoreKinds
                .Here.Where(kind => kind != StoreKind.InMemory)
                .Select(kind => kind.ToString().ToLowerInvariant()),
        ];

    /// <summary>Two PostgreSQL servers, one of which takes the other's place.</summary>
    public const string Pair = "postgres-pair";

    /// <summary>Three MariaDB servers that form a Galera cluster.</summary>
    public const string Galera = "galera";

    /// <summary>What a run can be asked for: a database, or several servers, where their programs are installed.</summary>
    public static IReadOnlyList<string> Choices =>
        [.. Kinds, .. PostgresPair.IsHere ? [Pair] : (string[])[], .. GaleraCluster.IsHere ? [Galera] : (string[])[]];

    /// <summary>The settings that lead an executor to it.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Creates the table of the ledger. A row gets the time of the database's own clock, in milliseconds since 1970.</summary>
    public abstract string CreateLedger { get; }

    /// <summary>The store, as the crash run itself uses it to create and to check.</summary>
    public abstract IWorkflowStore Store { get; }

    /// <summary>The jobs in the same database.</summary>
    public IJobStore Jobs => ((SqlStore)Store).Jobs;

    /// <summary>The schedules in the same database.</summary>
    public IScheduleStore Schedules => ((SqlStore)Store).Schedules;

    /// <summary>What can be done to the database itself while executors run; none for a file.</summary>
    public virtual IReadOnlyList<Blow> Blows => [];

    /// <summary>The settings of the executor in a place, from 0.</summary>
    public virtual IReadOnlyDictionary<string, string> SettingsOf(int place) => Settings;

    /// <summary>Makes an empty database of a kind.</summary>
    public static async Task<CrashDatabase> OpenAsync(string kind, Action<string> tell) =>
        kind switch
        {
            Pair => await PostgresPairCrashDatabase.OpenAsync(tell),
            Galera => await GaleraCrashDatabase.OpenAsync(tell),
            _ => await OpenAsync(kind),
        };

    /// <summary>Makes an empty database of a kind that the tests know.</summary>
    public static async Task<CrashDatabase> OpenAsync(string kind) =>
        Enum.Parse<StoreKind>(kind, ignoreCase: true) switch
        {
            StoreKind.Postgres => await PostgresCrashDatabase.OpenAsync(),
            StoreKind.MariaDb => new MariaDbCrashDatabase(),
            _ => new SqliteCrashDatabase(),
        };

    /// <summary>A connection of the user's own.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>Something that is done to the executors or to their database.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="StrikeAsync">Does it, and mends it again.</param>
internal sealed record Blow(string Name, Func<CancellationToken, Task> StrikeAsync);
