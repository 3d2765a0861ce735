using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Migrates the schema: numbered scripts, each applied once, forward only, under a lock with the name of the database. These databases
/// commit at every CREATE, so an interrupted script is run again, and its statements must be idempotent. In a Galera cluster the lock is
/// local to one server, so another server may run the same script at the same time.
/// </summary>
internal static class MySqlMigrations
{
    private const int LockSeconds = 60;

    private const string TakeLock = """
        SELECT coalesce(GET_LOCK(left(concat('gopherflow ', sha1(database())), 64), @seconds), 0)
        """;

    private const string ReleaseLock = """
        SELECT coalesce(RELEASE_LOCK(left(concat('gopherflow ', sha1(database())), 64)), 0)
        """;

    private const string CreateVersions = """
        CREATE TABLE IF NOT EXISTS schema_version (
            version BIGINT NOT NULL PRIMARY KEY,
            applied BIGINT NOT NULL
        ) ENGINE = InnoDB
        """;

    private const string NewestVersion = """
        SELECT coalesce(max(version), 0)
          FROM schema_version
        """;

    private static readonly string EnterVersion = $"""
        INSERT IGNORE INTO schema_version (version, applied)
        VALUES (@version, {MySqlSessions.Dialect.Now})
        """;

    /// <summary>Applies the migrations. If this fails, the caller closes the connection, which releases the lock.</summary>
    public static async Task ApplyAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var session = MySqlSessions.Session(connection, transaction: null);
        await session.RunAsync(MySqlServer.CommitEach, cancellation);
        var taken = await session.ReadAsync(TakeLock, row => row.Flag(), cancellation, ("@seconds", LockSeconds));
        if (!taken[0])
        {
            throw new StoreSetupException(
                $"Another process has been setting up the database for more than {LockSeconds} seconds, or no database is named."
            );
        }

        await ApplyLockedAsync(session, cancellation);
        await session.ReadAsync(ReleaseLock, row => row.Flag(), cancellation);
    }

    private static async Task ApplyLockedAsync(SqlSession session, CancellationToken cancellation)
    {
        await session.RunAsync(CreateVersions, cancellation);
        var current = (await session.ReadAsync(NewestVersion, row => row.SmallNumber(), cancellation))[0];
        foreach (var script in MigrationScripts.After(typeof(MySqlMigrations).Assembly, current))
        {
            await session.RunAsync(script.Sql, cancellation);
            await session.RunAsync(EnterVersion, cancellation, ("@now", null), ("@version", script.Number));
        }
    }
}
