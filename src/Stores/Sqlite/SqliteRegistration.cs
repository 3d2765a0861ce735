using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Registers SQLite as the store.</summary>
public static class SqliteRegistration
{
    /// <summary>
    /// Stores workflows in a SQLite file, for any number of processes on one machine. The file and the durability are read from the
    /// settings GFLOW_DATABASE_SQLLITE_FILE_NAME (default <c>./gflow.db</c>; <c>memory</c> stores workflows in the memory of the process)
    /// and GFLOW_DATABASE_SQLITE_SYNCHRONOUS (default FULL).
    /// </summary>
    public static GopherFlowRegistration UseSqlite(this GopherFlowRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.UseDatabase(new FileDatabase(null, SqliteSynchronous.Full));
    }

    /// <summary>Stores workflows in this SQLite file, regardless of the settings.</summary>
    public static GopherFlowRegistration UseSqlite(
        this GopherFlowRegistration registration,
        string file,
        SqliteSynchronous synchronous = SqliteSynchronous.Full
    )
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentException.ThrowIfNullOrEmpty(file);
        return registration.UseDatabase(new FileDatabase(file, synchronous));
    }

    private sealed class FileDatabase(string? given, SqliteSynchronous synchronous) : Database
    {
        private const string DefaultFile = "./gflow.db";
        private const string NoFile = "memory";

        private static readonly Dictionary<string, SqliteSynchronous> Durabilities = new()
        {
            ["FULL"] = SqliteSynchronous.Full,
            ["NORMAL"] = SqliteSynchronous.Normal,
        };

        public override IReadOnlyList<string> Names => ["SQLITE", "SQLLITE"];

        public override Func<TimeProvider?, OpenedStores> Read(SettingsReader settings)
        {
            if (given is not null)
            {
                return clock => Open(given, synchronous, clock);
            }

            var file = settings.Text("GFLOW_DATABASE_SQLLITE_FILE_NAME", DefaultFile);
            var durability = settings.Choice("GFLOW_DATABASE_SQLITE_SYNCHRONOUS", synchronous, Durabilities);
            return clock => file == NoFile ? OpenInMemory(clock) : Open(file, durability, clock);
        }

        private static OpenedStores Open(string file, SqliteSynchronous synchronous, TimeProvider? clock)
        {
            var store = new SqliteStore(file, synchronous, clock);
            return new OpenedStores(
                store,
                store.Accounts,
                store.Audit,
                store.Throughput,
                store.Scripts,
                store.Jobs,
                store.Schedules
            );
        }

        private static OpenedStores OpenInMemory(TimeProvider? clock)
        {
            var store = new InMemoryStore(clock);
            return new OpenedStores(
                store,
                store.Accounts,
                store.Audit,
                store.Throughput,
                store.Scripts,
                store.Jobs,
                store.Schedules
            );
        }
    }
}

/// <summary>How durable a commit is when it is reported as done.</summary>
public enum SqliteSynchronous
{
    /// <summary>Each commit is synced to disk: no reported commit is lost, even in a power failure.</summary>
    Full,

    /// <summary>Commits survive a crash of the process, but the last ones may be lost in a power failure.</summary>
    Normal,
}
