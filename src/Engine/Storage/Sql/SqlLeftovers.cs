namespace GopherFlow.Storage.Sql;

/// <summary>
/// Deletes data other than workflows that is no longer needed: executors, sessions, signals, versions of scripts, old entries of the audit
/// log and the throughput log, and counts of kinds without workflows.
/// </summary>
internal sealed class SqlLeftovers(ISqlDatabase database)
{
    private const string Unused = """
        NOT EXISTS (  SELECT k.state
                        FROM workflow_counts AS k
                       WHERE k.workflow_type = old.name
                         AND k.version = old.version
        """;

    /// <summary>Versions that are neither among the newest, nor current, nor used by an unfinished workflow.</summary>
    private const string OldScriptVersions = $"""
        SELECT old.name, old.version
          FROM script_versions AS old
         WHERE (SELECT count(*)
                  FROM script_versions AS newer
                 WHERE newer.name = old.name
                   AND newer.id > old.id) >= @kept
           AND old.version <> (  SELECT v.version
                                   FROM script_versions AS v
                                   JOIN workflow_definitions AS d ON d.name = v.name AND d.version = v.version
                                  WHERE v.name = old.name
                               ORDER BY d.updated DESC
                                  LIMIT 1)
           AND {Unused}
                         AND k.status NOT IN ('FINISHED', 'FAILED', 'ERROR', 'CANCELLED')
                    GROUP BY k.state, k.status
                      HAVING sum(k.count) <> 0)
        """;

    private const string DeleteScriptVersion = """
        DELETE FROM script_versions
         WHERE name = @name
           AND version = @version
        """;

    /// <summary>
    /// Definitions whose script version is gone. Ended workflows show the diagram of their definition, so it is kept while any workflow has
    /// it.
    /// </summary>
    private const string OldDefinitions = $"""
        SELECT old.name, old.version
          FROM workflow_definitions AS old
         WHERE EXISTS (SELECT s.name
                         FROM scripts AS s
                        WHERE s.name = old.name)
           AND NOT EXISTS (SELECT v.name
                             FROM script_versions AS v
                            WHERE v.name = old.name
                              AND v.version = old.version)
           AND EXISTS (SELECT newer.name
                         FROM workflow_definitions AS newer
                        WHERE newer.name = old.name
                          AND newer.updated > old.updated)
           AND {Unused}
                    GROUP BY k.state, k.status
                      HAVING sum(k.count) <> 0)
        """;

    private const string DeleteDefinition = """
        DELETE FROM workflow_definitions
         WHERE name = @name
           AND version = @version
        """;

    private readonly string deleteExecutors = $"""
        DELETE FROM executors
         WHERE ended < {database.Dialect.Now} - @retention
           AND NOT EXISTS (SELECT r.id
                             FROM workflow_run AS r
                            WHERE r.executor_id = executors.id)
        """;

    private readonly string deleteSessions = $"""
        DELETE FROM sessions
         WHERE expires <= {database.Dialect.Now}
        """;

    private readonly string deleteThroughput = $"""
        DELETE FROM ended_minutes
         WHERE minute < {database.Dialect.Now} - @retention
        """;

    private readonly string deleteSignals = DeleteSignals(database.Dialect);

    private readonly string deleteAudit = DeleteAudit(database.Dialect);

    private readonly SqlEmptyCounts emptyCounts = new(database);

    /// <summary>MySQL can read the table from which it deletes only in a nested subquery.</summary>
    internal static string DeleteSignals(SqlDialect dialect) =>
        $"""
            DELETE FROM workflow_signals
             WHERE id IN (SELECT old.id
                            FROM (  SELECT s.id
                                      FROM workflow_signals AS s {dialect.WalkedBy("workflow_signals_by_taken")}
                                     WHERE s.taken < {dialect.Now} - @retention
                                  ORDER BY s.taken
                                     LIMIT @limit) AS old)
            """;

    /// <summary>Nested for the same reason as <see cref="DeleteSignals"/>.</summary>
    internal static string DeleteAudit(SqlDialect dialect) =>
        $"""
            DELETE FROM audit_log
             WHERE id IN (SELECT old.id
                            FROM (  SELECT a.id
                                      FROM audit_log AS a {dialect.WalkedBy("audit_log_by_at")}
                                     WHERE a.at < {dialect.Now} - @retention
                                  ORDER BY a.at
                                     LIMIT @limit) AS old)
            """;

    public async Task<Leftovers> DeleteAsync(LeftoverLimits limits, CancellationToken cancellation)
    {
        var executors = await RunAsync(deleteExecutors, cancellation, ("@retention", limits.Executors));
        var sessions = await RunAsync(deleteSessions, cancellation);
        var signals =
            limits.Signals == TimeSpan.Zero
                ? 0
                : await RunAsync(deleteSignals, cancellation, ("@retention", limits.Signals), ("@limit", limits.Limit));
        var (versions, definitions) =
            limits.ScriptVersions == 0 ? default : await DeleteVersionsAsync(limits.ScriptVersions, cancellation);
        var audit =
            limits.Audit == TimeSpan.Zero
                ? 0
                : await RunAsync(deleteAudit, cancellation, ("@retention", limits.Audit), ("@limit", limits.Limit));
        await RunAsync(deleteThroughput, cancellation, ("@retention", limits.Throughput));
        await emptyCounts.DeleteAsync(limits.Limit, cancellation);
        return new Leftovers(executors, sessions, signals, versions, definitions, audit);
    }

    private Task<int> RunAsync(string sql, CancellationToken cancellation, params (string, object?)[] values) =>
        database.WriteAsync(
            session => session.RunAsync(sql, cancellation, [("@now", session.Now), .. values]),
            cancellation
        );

    /// <summary>Holds the lock of scripts and definitions, so that none of the versions becomes current meanwhile.</summary>
    private Task<(int Versions, int Definitions)> DeleteVersionsAsync(int kept, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                var versions = await DeleteAsync(
                    session,
                    OldScriptVersions,
                    DeleteScriptVersion,
                    cancellation,
                    ("@kept", kept)
                );
                var definitions = await DeleteAsync(session, OldDefinitions, DeleteDefinition, cancellation);
                if (versions > 0)
                {
                    await session.RunAsync(SqlScripts.RaiseRevision, cancellation);
                }

                return (versions, definitions);
            },
            cancellation
        );

    private static async Task<int> DeleteAsync(
        SqlSession session,
        string find,
        string delete,
        CancellationToken cancellation,
        params (string, object?)[] values
    )
    {
        var found = await session.ReadAsync(find, row => (Name: row.Text(), Version: row.Text()), cancellation, values);
        foreach (var (name, version) in found)
        {
            await session.RunAsync(delete, cancellation, ("@name", name), ("@version", version));
        }

        return found.Count;
    }
}
