using System.Text;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Scripts in the same database.</summary>
internal sealed class PostgresScripts(NpgsqlDataSource source) : IScriptStore
{
    private const string Revision = "SELECT revision FROM script_revision";

    /// <summary>Changes go one after the other: the revision rises in the order in which they can be seen.</summary>
    private const string Lock = "SELECT revision FROM script_revision FOR UPDATE";

    private const string All = """
          SELECT name, current_version, enabled, refused_version, diagnostics, refused, updated
            FROM scripts
        ORDER BY name
        """;

    private const string ByName = """
        SELECT name, current_version, enabled, refused_version, diagnostics, refused, updated
          FROM scripts
         WHERE name = $1
        """;

    private const string VersionsOf = """
          SELECT version, origin, author, created
            FROM script_versions
           WHERE name = $1
        ORDER BY id DESC
        """;

    private const string OneVersion = """
        SELECT source, loaded, origin, author, created
          FROM script_versions
         WHERE name = $1
           AND version = $2
        """;

    private const string InsertVersion = """
        INSERT INTO script_versions (name, version, source, loaded, origin, author, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (name, version) DO NOTHING
        """;

    private const string MakeCurrent = """
        WITH changed AS (
            INSERT INTO scripts (name, current_version, updated)
            SELECT name, version, $3
              FROM script_versions
             WHERE name = $1
               AND version = $2
                ON CONFLICT (name) DO UPDATE
               SET current_version = excluded.current_version,
                   refused_version = NULL,
                   diagnostics     = NULL,
                   refused         = NULL,
                   updated         = excluded.updated
         RETURNING 1
        )
           UPDATE script_revision
              SET revision = revision + 1
             FROM changed
        RETURNING revision
        """;

    private const string Enable = """
        WITH changed AS (
               UPDATE scripts
                  SET enabled = $2,
                      updated = $3
                WHERE name = $1
            RETURNING 1
        )
           UPDATE script_revision
              SET revision = revision + 1
             FROM changed
        RETURNING revision
        """;

    private const string SaveDiagnostics = """
        WITH changed AS (
            INSERT INTO scripts (name, refused_version, diagnostics, refused, updated)
            VALUES ($1, $2, $3, $4, $4)
                ON CONFLICT (name) DO UPDATE
               SET refused_version = excluded.refused_version,
                   diagnostics     = excluded.diagnostics,
                   refused         = excluded.refused,
                   updated         = excluded.updated
         RETURNING 1
        )
           UPDATE script_revision
              SET revision = revision + 1
             FROM changed
        RETURNING revision
        """;

    public async Task<long> RevisionAsync(CancellationToken cancellation) =>
        (await source.ReadAllAsync(batch => batch.Statement(Revision), row => row.Number(), cancellation))[0];

    public async Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation) =>
        await source.ReadAllAsync(batch => batch.Statement(All), StoredRows.Script, cancellation);

    public async Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation) =>
        (
            await source.ReadAllAsync(batch => batch.Statement(ByName).With(name), StoredRows.Script, cancellation)
        ).FirstOrDefault();

    public async Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(
        string name,
        CancellationToken cancellation
    ) =>
        await source.ReadAllAsync(
            batch => batch.Statement(VersionsOf).With(name),
            StoredRows.ScriptVersionOutline,
            cancellation
        );

    public async Task<ScriptVersionRecord?> FindScriptVersionAsync(
        string name,
        string version,
        CancellationToken cancellation
    ) =>
        (
            await source.ReadAllAsync(
                batch => batch.Statement(OneVersion).With(name).With(version),
                row => new ScriptVersionRecord(
                    name,
                    version,
                    Encoding.UTF8.GetString(row.Bytes()),
                    row.Text(),
                    row.Text(),
                    row.Text(),
                    row.Instant()
                ),
                cancellation
            )
        ).FirstOrDefault();

    public Task DeployScriptAsync(ScriptVersionRecord version, CancellationToken cancellation) =>
        ChangeAsync(
            batch =>
            {
                batch
                    .Statement(InsertVersion)
                    .With(version.Name)
                    .With(version.Version)
                    .With<byte[]>(Encoding.UTF8.GetBytes(version.Source))
                    .With(version.Loaded)
                    .With(version.Origin)
                    .With(version.Author)
                    .With(version.Created);
                batch.Statement(MakeCurrent).With(version.Name).With(version.Version).With(version.Created);
            },
            cancellation
        );

    public Task<bool> ActivateScriptAsync(
        string name,
        string version,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => ChangeAsync(batch => batch.Statement(MakeCurrent).With(name).With(version).With(now), cancellation);

    public Task<bool> EnableScriptAsync(
        string name,
        bool enabled,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => ChangeAsync(batch => batch.Statement(Enable).With(name).With(enabled).With(now), cancellation);

    public Task SaveScriptDiagnosticsAsync(
        string name,
        ScriptDiagnostics diagnostics,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            batch =>
                batch
                    .Statement(SaveDiagnostics)
                    .With(name)
                    .With(diagnostics.Version)
                    .With(diagnostics.Json)
                    .With(diagnostics.At),
            cancellation
        );

    /// <summary>Runs a change, whose last statement gives the new revision if it found its script.</summary>
    private async Task<bool> ChangeAsync(Action<NpgsqlBatch> change, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var locking = new NpgsqlBatch(connection, transaction))
        {
            locking.Statement(Lock);
            await locking.ReadAllAsync(row => row.Number(), cancellation);
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        change(batch);
        var changed = await batch.ReadAllAsync(row => row.Number(), cancellation);
        await transaction.CommitAsync(cancellation);
        return changed.Count == 1;
    }
}
