using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Scripts in the same file.</summary>
internal sealed class SqliteScripts(SqliteDatabase database) : IScriptStore
{
    private const string Revision = "SELECT revision FROM script_revision";

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
         WHERE name = ?1
        """;

    private const string VersionsOf = """
          SELECT version, origin, author, created
            FROM script_versions
           WHERE name = ?1
        ORDER BY id DESC
        """;

    private const string OneVersion = """
        SELECT name, version, source, loaded, origin, author, created
          FROM script_versions
         WHERE name = ?1
           AND version = ?2
        """;

    private const string InsertVersion = """
        INSERT INTO script_versions (name, version, source, loaded, origin, author, created)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (name, version) DO NOTHING
        """;

    private const string MakeCurrent = """
        INSERT INTO scripts (name, current_version, updated)
        SELECT ?1, ?2, ?3
         WHERE EXISTS (SELECT 1
                         FROM script_versions
                        WHERE name = ?1
                          AND version = ?2)
        ON CONFLICT (name) DO UPDATE
           SET current_version = excluded.current_version,
               refused_version = NULL,
               diagnostics     = NULL,
               refused         = NULL,
               updated         = excluded.updated
        """;

    private const string Enable = """
        UPDATE scripts
           SET enabled = ?2,
               updated = ?3
         WHERE name = ?1
        """;

    private const string SaveDiagnostics = """
        INSERT INTO scripts (name, refused_version, diagnostics, refused, updated)
        VALUES (?1, ?2, ?3, ?4, ?4)
        ON CONFLICT (name) DO UPDATE
           SET refused_version = excluded.refused_version,
               diagnostics     = excluded.diagnostics,
               refused         = excluded.refused,
               updated         = excluded.updated
        """;

    public Task<long> RevisionAsync(CancellationToken cancellation) =>
        database.ReadAsync(reader => reader.Statement(Revision).ReadAll(row => row.Number())[0], cancellation);

    public Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ScriptRecord>>(
            reader => reader.Statement(All).ReadAll(StoredRows.Script),
            cancellation
        );

    public Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(reader => reader.Statement(ByName).Bind(name).ReadFirst(StoredRows.Script), cancellation);

    public Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ScriptVersionOutline>>(
            reader => reader.Statement(VersionsOf).Bind(name).ReadAll(StoredRows.ScriptVersionOutline),
            cancellation
        );

    public Task<ScriptVersionRecord?> FindScriptVersionAsync(
        string name,
        string version,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            reader => reader.Statement(OneVersion).Bind(name).Bind(version).ReadFirst(StoredRows.ScriptVersion),
            cancellation
        );

    public Task DeployScriptAsync(ScriptVersionRecord version, CancellationToken cancellation) =>
        ChangeAsync(
            statements =>
            {
                statements
                    .Statement(InsertVersion)
                    .Bind(version.Name)
                    .Bind(version.Version)
                    .Bind(version.Source)
                    .Bind(version.Loaded)
                    .Bind(version.Origin)
                    .Bind(version.Author)
                    .Bind(version.Created)
                    .Run();
                return statements
                    .Statement(MakeCurrent)
                    .Bind(version.Name)
                    .Bind(version.Version)
                    .Bind(version.Created)
                    .Run();
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
            statements => statements.Statement(MakeCurrent).Bind(name).Bind(version).Bind(now).Run(),
            cancellation
        );

    public Task<bool> EnableScriptAsync(
        string name,
        bool enabled,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => ChangeAsync(statements => statements.Statement(Enable).Bind(name).Bind(enabled).Bind(now).Run(), cancellation);

    public Task SaveScriptDiagnosticsAsync(
        string name,
        ScriptDiagnostics diagnostics,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            statements =>
                statements
                    .Statement(SaveDiagnostics)
                    .Bind(name)
                    .Bind(diagnostics.Version)
                    .Bind(diagnostics.Json)
                    .Bind(diagnostics.At)
                    .Run(),
            cancellation
        );

    /// <summary>A change that finds its script raises the revision.</summary>
    private Task<bool> ChangeAsync(Func<SqliteReader, int> change, CancellationToken cancellation) =>
        database.Writer.RunAsync(
            _ => change(database.Writer.Statements) == 1 && database.Writer.Statements.Statement(Raise).Run() == 1,
            cancellation
        );
}
