using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Writes the rows of workflows that have their ids. Every changed row is guarded by its lease and revision: unless all are as they
/// were planned from, the statement fails and with it the transaction. The comparison with an array of one leaves the planner no
/// other way than to look each row up by its id.
/// </summary>
internal static class PostgresWriting
{
    internal const string UpdateRunning = """
        WITH changed AS (
               UPDATE workflow_run AS r
                  SET version         = given.version,
                      status          = given.status,
                      state           = given.state,
                      step            = given.step,
                      retry_count     = given.retry_count,
                      execution_count = given.execution_count,
                      lease           = given.lease,
                      revision        = given.revision,
                      executor_id     = given.executor_id,
                      modified        = given.modified,
                      next_activation = given.next_activation,
                      started         = given.started,
                      open_children   = given.open_children,
                      awaits_children = given.awaits_children,
                      woken           = given.woken
                 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::integer[],
                             $8::integer[], $9::integer[], $10::bigint[], $11::bigint[], $12::bigint[],
                             $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::integer[], $17::boolean[],
                             $18::boolean[])
                   AS given (id, known_lease, known_revision, version, status, state, step, retry_count, execution_count,
                             lease, revision, executor_id, modified, next_activation, started, open_children,
                             awaits_children, woken)
                WHERE r.id = ANY (ARRAY[given.id])
                  AND r.lease = given.known_lease
                  AND r.revision = given.known_revision
            RETURNING 1
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM changed
        """;

    internal const string InsertRunning = """
        INSERT INTO workflow_run
               (id, workflow_type, executor_group, priority, version, status, state, step, retry_count, execution_count,
                lease, revision, executor_id, modified, next_activation, started, open_children, awaits_children, woken)
        SELECT *
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
                      $8::integer[], $9::integer[], $10::integer[], $11::bigint[], $12::bigint[], $13::bigint[],
                      $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::integer[], $18::boolean[],
                      $19::boolean[])
        """;

    internal const string End = """
        WITH ended AS (
               DELETE
                 FROM workflow_run AS r
                USING unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::integer[],
                             $8::integer[], $9::integer[], $10::bigint[], $11::bigint[], $12::timestamptz[],
                             $13::timestamptz[], $14::timestamptz[], $15::integer[])
                   AS given (id, known_lease, known_revision, version, status, state, step, retry_count, execution_count,
                             lease, revision, modified, started, finished, open_children)
                WHERE r.id = ANY (ARRAY[given.id])
                  AND r.lease = given.known_lease
                  AND r.revision = given.known_revision
            RETURNING r.executor_group, r.priority, given.*
        ), result AS (
            INSERT INTO workflow_result
                   (id, executor_group, priority, version, status, state, step, retry_count, execution_count, lease,
                    revision, modified, started, finished, open_children)
            SELECT id, executor_group, priority, version, status, state, step, retry_count, execution_count, lease,
                   revision, modified, started, finished, open_children
              FROM ended
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM ended
        """;

    internal const string UpdateFinal = """
        WITH changed AS (
               UPDATE workflow_result AS f
                  SET version         = given.version,
                      status          = given.status,
                      state           = given.state,
                      step            = given.step,
                      retry_count     = given.retry_count,
                      execution_count = given.execution_count,
                      lease           = given.lease,
                      revision        = given.revision,
                      modified        = given.modified,
                      started         = given.started,
                      finished        = given.finished,
                      open_children   = given.open_children
                 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::integer[],
                             $8::integer[], $9::integer[], $10::bigint[], $11::bigint[], $12::timestamptz[],
                             $13::timestamptz[], $14::timestamptz[], $15::integer[])
                   AS given (id, known_lease, known_revision, version, status, state, step, retry_count, execution_count,
                             lease, revision, modified, started, finished, open_children)
                WHERE f.id = ANY (ARRAY[given.id])
                  AND f.lease = given.known_lease
                  AND f.revision = given.known_revision
            RETURNING 1
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM changed
        """;

    internal const string DeleteFinal = """
        WITH reopened AS (
               DELETE
                 FROM workflow_result AS f
                USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS given (id, known_lease, known_revision)
                WHERE f.id = ANY (ARRAY[given.id])
                  AND f.lease = given.known_lease
                  AND f.revision = given.known_revision
            RETURNING 1
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM reopened
        """;

    /// <summary>Adds the statements for all rows that have their ids, the new ones included.</summary>
    public static void AddRows(this NpgsqlBatch batch, RowSet rows)
    {
        if (rows.Running is { Count: > 0 } running)
        {
            batch
                .Guarded(UpdateRunning, running)
                .WithProgress(running)
                .With(running.Column(change => change.After.ExecutorId))
                .With(running.Column(change => change.After.Modified))
                .With(running.Column(change => change.After.NextActivation))
                .With(running.Column(change => change.After.Started))
                .With(running.Column(change => change.After.OpenChildren))
                .With(running.Column(change => change.After.AwaitsChildren))
                .With(running.Column(change => change.After.Woken));
        }

        if (rows.Ended is { Count: > 0 } ended)
        {
            batch.Guarded(End, ended).WithProgress(ended).WithEnd(ended);
        }

        if (rows.StillFinal is { Count: > 0 } final)
        {
            batch.Guarded(UpdateFinal, final).WithProgress(final).WithEnd(final);
        }

        if (rows.Reopened is { Count: > 0 } reopened)
        {
            batch.Guarded(DeleteFinal, reopened);
            batch.AddUnfinished(reopened.Column(change => change.After));
        }

        if (rows.Inserted.Count > 0)
        {
            batch.AddUnfinished(rows.Inserted);
        }
    }

    private static void AddUnfinished(this NpgsqlBatch batch, IReadOnlyList<WorkflowRecord> rows) =>
        batch
            .Statement(InsertRunning)
            .With(rows.Column(row => row.Id))
            .With(rows.Column(row => row.WorkflowType))
            .With(rows.Column(row => row.ExecutorGroup))
            .With(rows.Column(row => row.Priority))
            .With(rows.Column(row => row.Version))
            .With(rows.Column(row => row.Status.ToName()))
            .With(rows.Column(row => row.State))
            .With(rows.Column(row => row.Step))
            .With(rows.Column(row => row.RetryCount))
            .With(rows.Column(row => row.ExecutionCount))
            .With(rows.Column(row => row.Lease))
            .With(rows.Column(row => row.Revision))
            .With(rows.Column(row => row.ExecutorId))
            .With(rows.Column(row => row.Modified))
            .With(rows.Column(row => row.NextActivation))
            .With(rows.Column(row => row.Started))
            .With(rows.Column(row => row.OpenChildren))
            .With(rows.Column(row => row.AwaitsChildren))
            .With(rows.Column(row => row.Woken));

    private static NpgsqlBatchCommand Guarded(this NpgsqlBatch batch, string sql, IReadOnlyList<RowChange> rows) =>
        batch
            .Statement(sql)
            .With(rows.Column(change => change.Before.Id))
            .With(rows.Column(change => change.Before.Lease))
            .With(rows.Column(change => change.Before.Revision));

    private static NpgsqlBatchCommand WithProgress(this NpgsqlBatchCommand statement, IReadOnlyList<RowChange> rows) =>
        statement
            .With(rows.Column(change => change.After.Version))
            .With(rows.Column(change => change.After.Status.ToName()))
            .With(rows.Column(change => change.After.State))
            .With(rows.Column(change => change.After.Step))
            .With(rows.Column(change => change.After.RetryCount))
            .With(rows.Column(change => change.After.ExecutionCount))
            .With(rows.Column(change => change.After.Lease))
            .With(rows.Column(change => change.After.Revision));

    private static NpgsqlBatchCommand WithEnd(this NpgsqlBatchCommand statement, IReadOnlyList<RowChange> rows) =>
        statement
            .With(rows.Column(change => change.After.Modified))
            .With(rows.Column(change => change.After.Started))
            .With(rows.Column(change => change.After.Finished))
            .With(rows.Column(change => change.After.OpenChildren));
}
