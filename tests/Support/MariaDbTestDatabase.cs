using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using GopherFlow.Stores.MySql;
using MySqlConnector;

namespace GopherFlow.TestSupport;

/// <summary>
/// An empty database on the test server. Creating one takes far longer than most tests, so databases are emptied and reused, and
/// dropped when the process ends.
/// </summary>
public sealed class MariaDbTestDatabase : ITestDatabase
{
    private static readonly string[] Tables =
    [
        "workflow",
        "workflow_run",
        "workflow_result",
        "workflow_variables",
        "workflow_signals",
        "workflow_actions",
        "workflow_counts",
        "workflow_changes",
        "change_listeners",
        "workflow_definitions",
        "executors",
        "role_leases",
        "sessions",
        "api_keys",
        "users",
        "audit_log",
        "ended_minutes",
        "scripts",
        "script_versions",
        "jobs",
        "job_failures",
        "schedules",
        "workflow_limits",
    ];

    private static readonly ConcurrentBag<MariaDbTestDatabase> Idle = [];

    private readonly string name = $"gflow_{Guid.NewGuid():n}";
    private MySqlConnection administrator;

    static MariaDbTestDatabase() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var idle in Idle)
            {
                idle.Execute($"DROP DATABASE {idle.name}");
                idle.administrator.Dispose();
            }
        };

    /// <summary>Creates the database with the default collation that suits the store least.</summary>
    private MariaDbTestDatabase()
    {
        administrator = Open(Server);
        Execute($"CREATE DATABASE {name} CHARACTER SET latin1; USE {name}");
    }

    /// <summary>The connection string to this database.</summary>
    public string ConnectionString => $"{Server};Database={name}";

    private static string Server => StoreKinds.RequireServerOf(StoreKind.MariaDb);

    /// <summary>Takes a database for exclusive use. Disposing it makes it available again.</summary>
    public static MariaDbTestDatabase Take() => Idle.TryTake(out var idle) ? idle : new MariaDbTestDatabase();

    /// <summary>Opens a connection of the user.</summary>
    public MySqlConnection Connect() => Open($"{ConnectionString};Allow User Variables=true");

    DbConnection ITestDatabase.Connect() => Connect();

    /// <summary>Runs statements, and returns the first column of the first result.</summary>
    public IReadOnlyList<string> Execute(string sql)
    {
        try
        {
            return ExecuteOnce(sql);
        }
        catch (Exception lost) when (MySqlDriver.IsTransient(lost))
        {
            // A test may have cut the connection, or restarted the server.
            administrator.Dispose();
            administrator = Connect();
            return ExecuteOnce(sql);
        }
    }

    /// <summary>Opens a connection to the server, without a database.</summary>
    public static MySqlConnection ConnectToServer() => Open(Server);

    private static MySqlConnection Open(string connectionString)
    {
        var connection = new MySqlConnection($"{connectionString};Pooling=false");
        connection.Open();
        return connection;
    }

    private List<string> ExecuteOnce(string sql)
    {
        using var command = administrator.CreateCommand();
        command.CommandText = sql;
        using var answer = command.ExecuteReader();
        var rows = new List<string>();
        while (answer.Read())
        {
            rows.Add(Convert.ToString(answer.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return rows;
    }

    OpenedStore ITestDatabase.Open(TimeProvider? clock)
    {
        var store = new MySqlStore(ConnectionString, clock);
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

    /// <summary>Empties the tables of the store, and drops all others.</summary>
    public ValueTask DisposeAsync()
    {
        var tables = Execute("SHOW TABLES");
        var others = tables
            .Except([.. Tables, "schema_version", "script_revision"])
            .Select(table => $"DROP TABLE {table};");
        var own = tables.Intersect(Tables).Select(table => $"DELETE FROM {table};");
        var noRevision = tables.Contains("script_revision") ? "UPDATE script_revision SET revision = 0;" : "";
        Execute(
            $"SET foreign_key_checks = 0; {string.Concat(others)} BEGIN; {string.Concat(own)} {noRevision} COMMIT;"
        );
        Idle.Add(this);
        return ValueTask.CompletedTask;
    }
}
