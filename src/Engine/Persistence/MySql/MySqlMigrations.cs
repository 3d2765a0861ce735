using System.Globalization;
using System.Reflection;

namespace GopherFlow.Persistence.MySql;

/// <summary>
/// Brings the schema up to date: numbered scripts, each once, forward only, under a lock of the database's name. These databases
/// commit at every CREATE, so a script that was broken off is run again: its statements must bear that.
/// </summary>
internal static class MySqlMigrations
{
    private const string Folder = ".Persistence.MySql.Migrations.";
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

    private const string EnterVersion = """
        INSERT INTO schema_version (version, applied)
        VALUES (@version, @applied)
        """;

    public static int Apply(MySqlSession session)
    {
        if (session.Query(TakeLock, row => row.Number(), ("@seconds", LockSeconds))[0] != 1)
        {
            throw new StoreSetupException(
                $"Another process has been setting up the database for more than {LockSeconds} seconds, or no database is named."
            );
        }

        try
        {
            return ApplyLocked(session);
        }
        finally
        {
            session.Query(ReleaseLock, row => row.Number());
        }
    }

    private static int ApplyLocked(MySqlSession session)
    {
        session.Run(CreateVersions);
        var current = session.Query(NewestVersion, row => row.Number())[0];
        var scripts = Scripts();
        var newest = scripts[^1].Number;
        if (current > newest)
        {
            throw new StoreSetupException(
                $"The database has schema version {current}, but this program only knows versions up to {newest}. "
                    + "It was written by a newer program: use that one, or another database."
            );
        }

        foreach (var (number, resource) in scripts.Where(script => script.Number > current))
        {
            session.Run(TextOf(resource));
            session.Run(EnterVersion, ("@version", number), ("@applied", DateTimeOffset.UtcNow));
        }

        return newest;
    }

    private static List<(int Number, string Resource)> Scripts() =>
        [
            .. Assembly
                .GetExecutingAssembly()
                .GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Select(name => (NumberOf(name), name))
                .OrderBy(script => script.Item1),
        ];

    private static int NumberOf(string resource)
    {
        var start = resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length;
        return int.Parse(resource.AsSpan(start, 4), CultureInfo.InvariantCulture);
    }

    private static string TextOf(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
