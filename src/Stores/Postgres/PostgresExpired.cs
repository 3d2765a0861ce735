using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Deletes workflows that ended long ago, in one round trip. The commit does not wait for the disk: if a crash undoes it, the workflows are
/// deleted again.
/// </summary>
internal sealed class PostgresExpired(PostgresPool source, ISqlDatabase database) : SqlExpired(database, addToCount: "")
{
    private const string DoNotWaitForTheDisk = "SELECT set_config('synchronous_commit', 'off', true)";

    internal const string Delete = $"""
        WITH expired AS MATERIALIZED (
              SELECT f.id, f.version, f.state, f.status
                FROM unnest($1::bigint[], $2::bigint[]) AS seen (id, revision)
                JOIN workflow_result AS f ON f.id = ANY (ARRAY[seen.id]) AND f.revision = seen.revision
               WHERE NOT EXISTS (SELECT 1
                                   FROM workflow AS w
                                   JOIN workflow_run AS parent ON parent.id = ANY (ARRAY[w.parent_workflow_id])
                                  WHERE w.id = ANY (ARRAY[seen.id]))
            ORDER BY f.id
                 FOR UPDATE OF f SKIP LOCKED
        ), result AS (
            DELETE FROM workflow_result AS f
             USING expired
             WHERE f.id = ANY (ARRAY[expired.id])
        ), variables AS (
            DELETE FROM workflow_variables AS v
             USING expired
             WHERE v.workflow_id = ANY (ARRAY[expired.id])
        ), history AS (
            DELETE FROM workflow_actions AS a
             USING expired
             WHERE a.workflow_id = ANY (ARRAY[expired.id])
        ), signals AS (
            DELETE FROM workflow_signals AS s
             USING expired
             WHERE s.workflow_id = ANY (ARRAY[expired.id])
        ), deleted AS (
            DELETE FROM workflow AS w
             USING expired
             WHERE w.id = ANY (ARRAY[expired.id])
         RETURNING w.workflow_type, expired.version, expired.state, expired.status
        ), counted AS (
            INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
              SELECT workflow_type, version, state, status, {PostgresCounts.Slot}, -count(*)
                FROM deleted
            GROUP BY workflow_type, version, state, status
            ORDER BY workflow_type COLLATE "C", version COLLATE "C", state COLLATE "C", status COLLATE "C"
            {PostgresCounts.AddToSlot}
        )
        SELECT count(*)
          FROM expired
        """;

    public override async Task<int> DeleteAsync(IReadOnlyList<ExpiredWorkflow> expired, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Statement(Delete)
            .With<long[]>([.. expired.Select(workflow => workflow.Id)])
            .With<long[]>([.. expired.Select(workflow => workflow.Revision)]);
        batch.Statement(DoNotWaitForTheDisk);
        return (int)(await batch.ReadAllAsync(row => row.Number(), cancellation))[0];
    }
}
