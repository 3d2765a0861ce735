using System.Data.Common;
using GopherFlow.Persistence;
using GopherFlow.Persistence.MySql;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash;

/// <summary>A database on the test server, whose connections are cut.</summary>
internal sealed class MariaDbCrashDatabase : CrashDatabase
{
    private readonly MariaDbTestDatabase database = MariaDbTestDatabase.Take();
    private readonly MySqlStore store;

    public MariaDbCrashDatabase() => store = new MySqlStore(database.ConnectionString);

    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "MYSQL",
            ["GFLOW_DATABASE_URL"] = database.ConnectionString,
        };

    public override IWorkflowStore Store => store;

    public override IReadOnlyList<Blow> Blows => [new("cut all connections", _ => CutConnections())];

    public override Task<DbConnection> ConnectAsync() => Task.FromResult(database.Connect());

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    private Task CutConnections()
    {
        var connections = database.Execute(
            "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
        );
        foreach (var connection in connections)
        {
            try
            {
                database.Execute($"KILL {connection}");
            }
            catch (DbException)
            {
                // It has ended by itself in the meantime.
            }
        }

        return Task.CompletedTask;
    }
}
