using System.Data.Common;
using GopherFlow.Storage;
using GopherFlow.Stores.Sqlite;
using GopherFlow.TestSupport;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Crash;

/// <summary>
/// One SQLite file shared by several processes. Like the test servers it does not wait for the disk: only processes die here, not the
/// machine, and a busy disk must not look like a slow takeover.
/// </summary>
internal sealed class SqliteCrashDatabase : CrashDatabase
{
    private readonly TempFolder folder = new();
    private readonly SqliteStore store;

    public SqliteCrashDatabase() => store = new SqliteStore(File, SqliteSynchronous.Normal);

    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "SQLITE",
            ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = File,
            ["GFLOW_DATABASE_SQLITE_SYNCHRONOUS"] = "NORMAL",
        };

    public override string CreateLedger =>
        """
            CREATE TABLE ledger (
                workflow_id BIGINT       NOT NULL,
                step_key    VARCHAR(600) NOT NULL,
                entered     BIGINT       NOT NULL DEFAULT (CAST(1000 * unixepoch('subsec') AS INTEGER))
            )
            """;

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
