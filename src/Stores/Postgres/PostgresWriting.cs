using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Writes the rows of workflows that already have ids. Every changed row is guarded by its lease and revision: if any row has changed since
/// the plan was made, the statement and its transaction fail. The comparison with an array of one element makes the planner look up each
/// row by its id.
/// </summary>
internal static class PostgresWriting
{
    private static readonly PostgresColumns Guard = new("id, known_lease, known_revision");
    private static readonly PostgresColumns Course = new(StoredValues.Course);
    private static readonly PostgresColumns Running = new($"{StoredValues.Progress}, {StoredValues.Standing}");
    private static readonly PostgresColumns Result = new(StoredValues.Result);
    private static readonly PostgresColumns Final = Result.And(new($"{StoredValues.Place}, id"));
    private static readonly PostgresColumns New = Running.And(new("id, workflow_type"));

    internal static readonly string UpdateRunning = Update(Running);

    /// <summary>For steps of workflows that do not wait: fewer parameters make the commit cheaper.</summary>
    internal static readonly string UpdateCourse = Update(Course);

    internal static readonly string InsertRunning = $"""
        INSERT INTO workflow_run ({New.Names})
        SELECT *
          FROM {New.Unnested}
        """;

    private static readonly string InsertFinal = $"""
        INSERT INTO workflow_result ({Final.Names})
        SELECT *
          FROM {Final.Unnested}
        """;

    internal static readonly string End = $"""
        WITH ended AS (
               DELETE
                 FROM workflow_run AS r
                USING {Guard.And(Result).AsGiven}
                WHERE r.id = ANY (ARRAY[given.id])
                  AND r.lease = given.known_lease
                  AND r.revision = given.known_revision
            RETURNING r.id, r.executor_group, r.priority, r.limit_key, {Result.Given}
        ), result AS (
            INSERT INTO workflow_result (id, executor_group, priority, limit_key, {Result.Names})
            SELECT *
              FROM ended
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM ended
        """;

    internal static readonly string UpdateFinal = $"""
        WITH changed AS (
               UPDATE workflow_result AS f
                  SET {Result.Assignments}
                 FROM {Guard.And(Result).AsGiven}
                WHERE f.id = ANY (ARRAY[given.id])
                  AND f.lease = given.known_lease
                  AND f.revision = given.known_revision
            RETURNING 1
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM changed
        """;

    internal static readonly string DeleteFinal = $"""
        WITH reopened AS (
               DELETE
                 FROM workflow_result AS f
                USING {Guard.AsGiven}
                WHERE f.id = ANY (ARRAY[given.id])
                  AND f.lease = given.known_lease
                  AND f.revision = given.known_revision
            RETURNING 1
        )
        SELECT gopherflow_expect(count(*), cardinality($1))
          FROM reopened
        """;

    private static string Update(PostgresColumns columns) =>
        $"""
            WITH changed AS (
                   UPDATE workflow_run AS r
                      SET {columns.Assignments}
                     FROM {Guard.And(columns).AsGiven}
                    WHERE r.id = ANY (ARRAY[given.id])
                      AND r.lease = given.known_lease
                      AND r.revision = given.known_revision
                RETURNING 1
            )
            SELECT gopherflow_expect(count(*), cardinality($1))
              FROM changed
            """;

    /// <summary>Adds the statements for all rows that have ids, including the new ones.</summary>
    public static void AddRows(this NpgsqlBatch batch, RowSet rows)
    {
        batch.Add(
            UpdateCourse,
            [.. rows.Running.Where(static change => change.ChangesCourseAlone)],
            static (row, change) => row.WithGuard(change.Before).WithCourse(change.After)
        );
        batch.Add(
            UpdateRunning,
            [.. rows.Running.Where(static change => !change.ChangesCourseAlone)],
            static (row, change) => row.WithGuard(change.Before).WithProgress(change.After).WithStanding(change.After)
        );
        batch.Add(End, rows.Ended, static (row, change) => row.WithGuard(change.Before).WithResult(change.After));
        batch.Add(
            UpdateFinal,
            rows.StillFinal,
            static (row, change) => row.WithGuard(change.Before).WithResult(change.After)
        );
        batch.Add(DeleteFinal, rows.Reopened, static (row, change) => row.WithGuard(change.Before));
        batch.Add(InsertRunning, rows.Reopened, static (row, change) => row.WithNewRunning(change.After));
        batch.Add(InsertRunning, rows.Inserted, static (row, inserted) => row.WithNewRunning(inserted));
        batch.Add(
            InsertFinal,
            rows.InsertedFinal,
            static (row, inserted) => row.WithResult(inserted).WithPlace(inserted).With(inserted.Id)
        );
    }

    private static void WithNewRunning(this PostgresArrays to, WorkflowRecord row) =>
        to.WithProgress(row).WithStanding(row).With(row.Id).With(row.WorkflowType);
}
