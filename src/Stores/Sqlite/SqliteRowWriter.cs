using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Writes the rows of a transaction. Each statement writes the complete row and is guarded by the lease and the revision that the row
/// is expected to have.
/// </summary>
internal sealed class SqliteRowWriter(SqliteReader statements, SqliteChangeLog changes)
{
    private const string InsertWorkflow = $"""
        INSERT INTO workflow ({StoredValues.Identity})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (external_id) DO NOTHING
        """;

    private const string InsertRun = $"""
        INSERT INTO workflow_run ({StoredValues.Progress}, {StoredValues.Standing}, id, workflow_type)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
                ?25, ?26, ?27, ?28, ?29)
        """;

    /// <summary>For new workflows, which have not made any step and do not wait.</summary>
    private const string InsertNew = """
        INSERT INTO workflow_run
               (id, workflow_type, state, lease, modified, status, version, executor_id, next_activation, permit, executor_group,
                priority, limit_key, step, retry_count, execution_count, revision, open_children, awaits_children, woken)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0, 0, 0, 0, 0, 0)
        """;

    internal const string UpdateRun = $"""
        UPDATE workflow_run
           SET ({StoredValues.Progress}) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                                            ?19),
               ({StoredValues.Standing}) = (?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
         WHERE id = ?28
           AND lease = ?29
           AND revision = ?30
        """;

    /// <summary>
    /// Sets no indexed column: SQLite rewrites the entries of every index whose columns are set, even to the same values.
    /// </summary>
    internal const string UpdateProgress = $"""
        UPDATE workflow_run
           SET ({StoredValues.Progress}) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                                            ?19)
         WHERE id = ?20
           AND lease = ?21
           AND revision = ?22
        """;

    /// <summary>For workflows that wait neither before nor after the change.</summary>
    internal const string UpdateCourse = $"""
        UPDATE workflow_run
           SET ({StoredValues.Course}) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         WHERE id = ?12
           AND lease = ?13
           AND revision = ?14
        """;

    internal const string DeleteRun = """
        DELETE FROM workflow_run
         WHERE id = ?1
           AND lease = ?2
           AND revision = ?3
        """;

    private const string InsertResult = $"""
        INSERT INTO workflow_result ({StoredValues.Result}, {StoredValues.Place}, id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22)
        """;

    internal const string DeleteResult = """
        DELETE FROM workflow_result
         WHERE id = ?1
           AND lease = ?2
           AND revision = ?3
        """;

    private static readonly string InsertAudit = $"""
        INSERT INTO audit_log (at, target_kind, target_id, {StoredValues.Audit})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """;

    /// <summary>Writes all rows. Returns false at the first row that is not as expected; the caller must then roll back.</summary>
    public bool TryWrite(RowSet rows)
    {
        foreach (var change in rows.Running)
        {
            if (!TryUpdate(change))
            {
                return false;
            }
        }

        foreach (var change in rows.Ended.Concat(rows.Reopened).Concat(rows.StillFinal))
        {
            if (!TryMove(change))
            {
                return false;
            }
        }

        foreach (var create in rows.Creates)
        {
            if (!TryInsert(create))
            {
                return false;
            }

            rows.MoveToInserted(create);
        }

        foreach (var inserted in rows.Inserted)
        {
            if (IsUntouched(inserted))
            {
                InsertNewRun(inserted);
            }
            else
            {
                InsertIntoRuns(inserted);
            }
        }

        foreach (var inserted in rows.InsertedFinal)
        {
            InsertIntoResults(inserted);
        }

        foreach (var entry in rows.Audit)
        {
            statements
                .Statement(InsertAudit)
                .With(rows.Now)
                .With(entry.TargetKind)
                .With(entry.TargetId)
                .WithAudit(entry)
                .Run();
        }

        statements.WriteVariables(rows);
        statements.WriteHistory(rows);
        statements.WriteCounts(rows);
        changes.Write(statements, rows);
        return true;
    }

    /// <summary>Inserts the identity of a workflow and assigns its id, unless its external id is in use.</summary>
    public bool TryInsert(NewRow create)
    {
        var isNew = statements.Statement(InsertWorkflow).WithIdentity(create).Run() == 1;
        if (isNew)
        {
            create.Assign(statements.LastInsertedId);
        }

        return isNew;
    }

    private bool TryUpdate(RowChange change)
    {
        var (before, after) = change;
        var statement = change switch
        {
            { ChangesCourseAlone: true } => statements.Statement(UpdateCourse).WithCourse(after),
            { KeepsLookupColumns: true } => statements.Statement(UpdateProgress).WithProgress(after),
            _ => statements.Statement(UpdateRun).WithProgress(after).WithStanding(after),
        };
        return statement.WithGuard(before).Run() == 1;
    }

    /// <summary>Deletes a row from its current table and inserts it into the table for its new status.</summary>
    private bool TryMove(RowChange change)
    {
        var (before, after) = change;
        var isThere =
            statements.Statement(before.Status.IsFinal() ? DeleteResult : DeleteRun).WithGuard(before).Run() == 1;
        if (isThere && after.Status.IsFinal())
        {
            InsertIntoResults(after);
        }
        else if (isThere)
        {
            InsertIntoRuns(after);
        }

        return isThere;
    }

    /// <summary>Whether a new workflow has not made any step; imported workflows may have.</summary>
    private static bool IsUntouched(WorkflowRecord row) =>
        row is { Step: 0, RetryCount: 0, Started: null, OpenChildren: 0 };

    private void InsertNewRun(WorkflowRecord row) =>
        statements
            .Statement(InsertNew)
            .With(row.Id)
            .With(row.WorkflowType)
            .With(row.State)
            .With(row.Lease)
            .With(row.Modified)
            .WithStanding(row)
            .Run();

    private void InsertIntoResults(WorkflowRecord row) =>
        statements.Statement(InsertResult).WithResult(row).WithPlace(row).With(row.Id).Run();

    private void InsertIntoRuns(WorkflowRecord row) =>
        statements.Statement(InsertRun).WithProgress(row).WithStanding(row).With(row.Id).With(row.WorkflowType).Run();
}
