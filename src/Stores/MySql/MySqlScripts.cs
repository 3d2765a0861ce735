using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>Scripts in the same database.</summary>
internal sealed class MySqlScripts(MySqlDatabase database) : IScriptStore
{
    private const string Revision = "SELECT revision FROM script_revision";

    /// <summary>Changes go one after the other: the revision rises in the order in which they can be seen.</summary>
    private const string Lock = "SELECT revision FROM script_revision FOR UPDATE";

    private const string Raise = """
        UPDATE script_revision
           SET revision = revision + 1
        """;

    private const string All = """
          SELECT name, current_version, enabled, refused_version, diagnostics, refused, updated
            FROM scripts
        ORDER BY name
        """;

    private const string ByName = """
        SELECT name, current_version, enabled, refused_version, diagnostics, refused, updated
          FROM scripts
         WHERE name = CAST(@name AS BINARY)
        """;

    private const string VersionsOf = """
          SELECT version, origin, author, created
            FROM script_versions
           WHERE name = CAST(@name AS BINARY)
        ORDER BY id DESC
        """;

    private const string OneVersion = """
        SELECT name, version, source, loaded, origin, author, created
          FROM script_versions
         WHERE name = CAST(@name AS BINARY)
           AND version = CAST(@version AS BINARY)
        """;

    private const string InsertVersion = """
        INSERT INTO script_versions (name, version, source, loaded, origin, author, created)
        SELECT @name, @version, @source, @loaded, @origin, @author, @created
          FROM DUAL
         WHERE NOT EXISTS (SELECT 1
                             FROM script_versions AS stored
                            WHERE stored.name = CAST(@name AS BINARY)
                              AND stored.version = CAST(@version AS BINARY))
        """;

    private const string MakeCurrent = """
        INSERT INTO scripts (name, current_version, updated)
        VALUES (@name, @version, @now)
            ON DUPLICATE KEY UPDATE
               current_version = VALUES(current_version),
               refused_version = NULL,
               diagnostics     = NULL,
               refused         = NULL,
               updated         = VALUES(updated)
        """;

    private const string Enable = """
        UPDATE scripts
           SET enabled = @enabled,
               updated = @now
         WHERE name = CAST(@name AS BINARY)
        """;

    private const string SaveDiagnostics = """
        INSERT INTO scripts (name, refused_version, diagnostics, refused, updated)
        VALUES (@name, @version, @diagnostics, @now, @now)
            ON DUPLICATE KEY UPDATE
               refused_version = VALUES(refused_version),
               diagnostics     = VALUES(diagnostics),
               refused         = VALUES(refused),
               updated         = VALUES(updated)
        """;

    private const string IsStored = """
        SELECT count(*)
          FROM script_versions
         WHERE name = CAST(@name AS BINARY)
           AND version = CAST(@version AS BINARY)
        """;

    public Task<long> RevisionAsync(CancellationToken cancellation) =>
        database.ReadAsync(async session => (await session.QueryAsync(Revision, row => row.Number()))[0], cancellation);

    public Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ScriptRecord>>(
            async session => await session.QueryAsync(All, StoredRows.Script),
            cancellation
        );

    public Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (await session.QueryAsync(ByName, StoredRows.Script, ("@name", name))).SingleOrDefault(),
            cancellation
        );

    public Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ScriptVersionOutline>>(
            async session => await session.QueryAsync(VersionsOf, StoredRows.ScriptVersionOutline, ("@name", name)),
            cancellation
        );

    public Task<ScriptVersionRecord?> FindScriptVersionAsync(
        string name,
        string version,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            async session =>
                (
                    await session.QueryAsync(
                        OneVersion,
                        StoredRows.ScriptVersion,
                        ("@name", name),
                        ("@version", version)
                    )
                ).SingleOrDefault(),
            cancellation
        );

    public Task DeployScriptAsync(ScriptVersionRecord version, CancellationToken cancellation) =>
        ChangeAsync(
            async session =>
            {
                await session.RunAsync(
                    InsertVersion,
                    ("@name", version.Name),
                    ("@version", version.Version),
                    ("@source", version.Source),
                    ("@loaded", version.Loaded),
                    ("@origin", version.Origin),
                    ("@author", version.Author),
                    ("@created", version.Created)
                );
                await ActivateAsync(session, version.Name, version.Version, version.Created);
                return true;
            },
            cancellation
        );

    public Task<bool> ActivateScriptAsync(
        string name,
        string version,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            async session =>
            {
                var stored = (
                    await session.QueryAsync(IsStored, row => row.Flag(), ("@name", name), ("@version", version))
                )[0];
                if (stored)
                {
                    await ActivateAsync(session, name, version, now);
                }

                return stored;
            },
            cancellation
        );

    public Task<bool> EnableScriptAsync(
        string name,
        bool enabled,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            async session => await session.RunAsync(Enable, ("@name", name), ("@enabled", enabled), ("@now", now)) == 1,
            cancellation
        );

    public Task SaveScriptDiagnosticsAsync(
        string name,
        ScriptDiagnostics diagnostics,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            async session =>
            {
                await session.RunAsync(
                    SaveDiagnostics,
                    ("@name", name),
                    ("@version", diagnostics.Version),
                    ("@diagnostics", diagnostics.Json),
                    ("@now", diagnostics.At)
                );
                return true;
            },
            cancellation
        );

    private static Task<int> ActivateAsync(MySqlSession session, string name, string version, DateTimeOffset now) =>
        session.RunAsync(MakeCurrent, ("@name", name), ("@version", version), ("@now", now));

    /// <summary>A change that finds its script raises the revision.</summary>
    private Task<bool> ChangeAsync(Func<MySqlSession, Task<bool>> change, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.QueryAsync(Lock, row => row.Number());
                return await change(session) && await session.RunAsync(Raise) == 1;
            },
            cancellation
        );
}
