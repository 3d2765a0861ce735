using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Stores.MySql;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash;

/// <summary>A database on the test server. Its connections are cut, used up by others, and lost when the server restarts.</summary>
internal sealed class MariaDbCrashDatabase : ServerCrashDatabase
{
    private const int Places = 60;

    private readonly MariaDbTestDatabase database = MariaDbTestDatabase.Take();
    private readonly MySqlStore store;

    public MariaDbCrashDatabase() => store = new MySqlStore(database.ConnectionString);

    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "MYSQL",
            ["GFLOW_DATABASE_URL"] = database.ConnectionString,
        };

    public override string CreateLedger =>
        """
            CREATE TABLE ledger (
                workflow_id BIGINT       NOT NULL,
                step_key    VARCHAR(600) NOT NULL,
                entered     BIGINT       NOT NULL DEFAULT (1000 * unix_timestamp(sysdate(3)))
            )
            """;

    public override IWorkflowStore Store => store;

    public override IReadOnlyList<Blow> Blows => [.. ServerBlows()];

    public override PrivateServer? Server => PrivateServer.Find(StoreKind.MariaDb, ConnectAsync);

    /// <summary>
    /// Lowers the connection limit of the server, so that it is soon reached. The connections of the crowd use no database, so they are
    /// not cut with those of this one.
    /// </summary>
    public override Task<Crowd> NewCrowdAsync()
    {
        var before = database.Execute("SELECT @@global.max_connections")[0];
        database.Execute($"SET GLOBAL max_connections = {Places}");
        return Task.FromResult(
            new Crowd(
                () => Task.FromResult<DbConnection>(MariaDbTestDatabase.ConnectToServer()),
                store.IsTransient,
                gone: () => database.Execute($"SET GLOBAL max_connections = {before}")
            )
        );
    }

    public override Task<DbConnection> ConnectAsync() => Task.FromResult<DbConnection>(database.Connect());

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override Task CutConnectionsAsync(CancellationToken stop)
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
                // The connection has already ended.
            }
        }

        return Task.CompletedTask;
    }
}
