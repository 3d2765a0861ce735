using System.Text;
using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Workflow scripts. The current version is not stored separately: it is the version whose definition was saved last, on which new
/// workflows start.
/// </summary>
internal sealed class SqlScripts(ISqlDatabase database) : IScriptStore
{
    private const string Revision = "SELECT revision FROM script_revision";

    internal const string RaiseRevision = """
        UPDATE script_revision
           SET revision = revision + 1
        """;

    private const string Columns = """
        s.name,
        (  SELECT v.version
             FROM script_versions AS v
             JOIN workflow_definitions AS d ON d.name = v.name AND d.version = v.version
            WHERE v.name = s.name
         ORDER BY d.updated DESC
            LIMIT 1),
        s.enabled, s.refused_version, s.diagnostics, s.refused, s.updated
        """;

    private const string All = $"""
          SELECT {Columns}
            FROM scripts AS s
        ORDER BY s.name
        """;

    private const string ByName = $"""
        SELECT {Columns}
          FROM scripts AS s
         WHERE s.name = @name
        """;

    private const string VersionsOf = """
          SELECT version, origin, author, created
            FROM script_versions
           WHERE name = @name
        ORDER BY id DESC
        """;

    private const string OneVersion = """
        SELECT name, version, source, loaded, origin, author, created
          FROM script_versions
         WHERE name = @name
           AND version = @version
        """;

    private const string InsertVersion = """
        INSERT INTO script_versions (name, version, source, loaded, origin, author, created)
        VALUES (@name, @version, @source, @loaded, @origin, @author, @created)
        """;

    private const string InsertScript = """
        INSERT INTO scripts (name, updated)
        VALUES (@name, @now)
        """;

    private const string ClearDiagnostics = """
        UPDATE scripts
           SET refused_version = NULL,
               diagnostics     = NULL,
               refused         = NULL,
               updated         = @now
         WHERE name = @name
        """;

    private const string SetDiagnostics = """
        UPDATE scripts
           SET refused_version = @version,
               diagnostics     = @diagnostics,
               refused         = @now,
               updated         = @now
         WHERE name = @name
        """;

    private const string Enable = """
        UPDATE scripts
           SET enabled = @enabled,
               updated = @now
         WHERE name = @name
        """;

    public Task<long> RevisionAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (await session.ReadAsync(Revision, row => row.Number(), cancellation))[0],
            cancellation
        );

    public Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation) =>
        database.AllAsync(All, StoredRows.Script, cancellation);

    public Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation) =>
        database.FindAsync(ByName, StoredRows.Script, cancellation, ("@name", name));

    public Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(string name, CancellationToken cancellation) =>
        database.AllAsync(VersionsOf, StoredRows.ScriptVersionOutline, cancellation, ("@name", name));

    public Task<ScriptVersionRecord?> FindScriptVersionAsync(
        string name,
        string version,
        CancellationToken cancellation
    ) => database.ReadAsync(session => FindVersionAsync(session, name, version, cancellation), cancellation);

    public Task DeployScriptAsync(
        ScriptVersionRecord version,
        DefinitionRecord definition,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            async session =>
            {
                if (await FindVersionAsync(session, version.Name, version.Version, cancellation) is null)
                {
                    await InsertAsync(session, version, cancellation);
                }

                await SqlDefinitions.SaveAsync(session, definition, version.Created, cancellation);
                await UpdateOrInsertAsync(
                    session,
                    ClearDiagnostics,
                    cancellation,
                    ("@name", version.Name),
                    ("@now", version.Created)
                );
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
                if (await FindVersionAsync(session, name, version, cancellation) is null)
                {
                    return false;
                }

                await SqlDefinitions.RenewAsync(session, name, version, now.AsStored(), cancellation);
                await session.RunAsync(ClearDiagnostics, cancellation, ("@name", name), ("@now", now));
                return true;
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
            async session =>
                await session.RunAsync(Enable, cancellation, ("@name", name), ("@enabled", enabled), ("@now", now))
                == 1,
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
                await UpdateOrInsertAsync(
                    session,
                    SetDiagnostics,
                    cancellation,
                    ("@name", name),
                    ("@version", diagnostics.Version),
                    ("@diagnostics", diagnostics.Json),
                    ("@now", diagnostics.At)
                );
                return true;
            },
            cancellation
        );

    /// <summary>The source is stored as bytes, because not every database can store the character NUL in a text.</summary>
    private static Task<int> InsertAsync(
        SqlSession session,
        ScriptVersionRecord version,
        CancellationToken cancellation
    ) =>
        session.RunAsync(
            InsertVersion,
            cancellation,
            ("@name", version.Name),
            ("@version", version.Version),
            ("@source", Encoding.UTF8.GetBytes(version.Source)),
            ("@loaded", version.Loaded),
            ("@origin", version.Origin),
            ("@author", version.Author),
            ("@created", version.Created)
        );

    private static Task<ScriptVersionRecord?> FindVersionAsync(
        SqlSession session,
        string name,
        string version,
        CancellationToken cancellation
    ) => session.FindAsync(OneVersion, StoredRows.ScriptVersion, cancellation, ("@name", name), ("@version", version));

    /// <summary>Updates a script, and inserts it first if it is new.</summary>
    private static async Task UpdateOrInsertAsync(
        SqlSession session,
        string update,
        CancellationToken cancellation,
        params (string Name, object? Value)[] values
    )
    {
        if (await session.RunAsync(update, cancellation, values) == 0)
        {
            await session.RunAsync(
                InsertScript,
                cancellation,
                values.Single(value => value.Name == "@name"),
                values.Single(value => value.Name == "@now")
            );
            await session.RunAsync(update, cancellation, values);
        }
    }

    /// <summary>
    /// Runs a change under the lock, so that the revision increases in the order in which changes become visible. It increases only if the
    /// change returns true.
    /// </summary>
    private Task<bool> ChangeAsync(Func<SqlSession, Task<bool>> change, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                return await change(session) && await session.RunAsync(RaiseRevision, cancellation) == 1;
            },
            cancellation
        );
}
