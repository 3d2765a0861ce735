using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using GopherFlow.Persistence;
using GopherFlow.Persistence.MySql;

namespace GopherFlow.TestSupport;

/// <summary>
/// An empty database on the test server. To make one takes far longer than most tests, so they are emptied and used again, and
/// dropped when the process ends.
/// </summary>
public sealed class MariaDbTestDatabase : ITestDatabase
{
    private static readonly string[] Tables =
    [
        "workflow",
        "workflow_variables",
        "workflow_actions",
        "workflow_counts",
        "workflow_definitions",
        "executors",
        "sessions",
        "api_keys",
        "users",
    ];

    private static readonly ConcurrentBag<string> Idle = [];

    private readonly string name;

    static MariaDbTestDatabase() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var idle in Idle)
            {
                Execute(Server, $"DROP DATABASE {idle}");
            }
        };

    private MariaDbTestDatabase(string name) => this.name = name;

    /// <summary>The connection string to this database.</summary>
    public string ConnectionString => $"{Server};Database={name}";

    private static string Server => StoreKinds.RequireServerOf(StoreKind.MariaDb);

    /// <summary>A database that nobody else uses. Its own collation is the one that suits the store least.</summary>
    public static MariaDbTestDatabase Take()
    {
        if (!Idle.TryTake(out var name))
        {
            name = $"gflow_{Guid.NewGuid():n}";
            Execute(Server, $"CREATE DATABASE {name} CHARACTER SET latin1");
        }

        return new MariaDbTestDatabase(name);
    }

    /// <summary>A connection of the user's own.</summary>
    public DbConnection Connect() => MySqlDriver.Open(ConnectionString, patience: 30);

    /// <summary>Runs a statement, and gives the first column of what it answers.</summary>
    public IReadOnlyList<string> Execute(string sql) => Execute(ConnectionString, sql);

    (IWorkflowStore Workflows, IAccountStore Accounts) ITestDatabase.Open()
    {
        var store = new MySqlStore(ConnectionString);
        return (store, store.Accounts);
    }

    /// <summary>Empties the store's tables, and drops all others.</summary>
    public ValueTask DisposeAsync()
    {
        var others = Execute("SHOW TABLES")
            .Except([.. Tables, "schema_version"])
            .Select(table => $"DROP TABLE {table};");
        var own = Execute("SHOW TABLES").Intersect(Tables).Select(table => $"DELETE FROM {table};");
        Execute($"{string.Concat(others)} SET foreign_key_checks = 0; BEGIN; {string.Concat(own)} COMMIT;");
        Idle.Add(name);
        return ValueTask.CompletedTask;
    }

    private static List<string> Execute(string connectionString, string sql)
    {
        using var connection = MySqlDriver.Open(connectionString, patience: 30);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var answer = command.ExecuteReader();
        var rows = new List<string>();
        while (answer.Read())
        {
            rows.Add(Convert.ToString(answer.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return rows;
    }
}
