using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Writes the rows of a transaction. Each statement carries the whole row and is guarded by the lease and the revision that the row
/// is thought to have.
/// </summary>
internal sealed class SqliteRowWriter(SqliteReader statements)
{
    private const string InsertWorkflow = """
        INSERT INTO workflow
               (external_id, workflow_type, business_key, parent_workflow_id, created, token)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (external_id) DO NOTHING
        """;

    private const string InsertRun = """
        INSERT INTO workflow_run
               (state, step, retry_count, execution_count, lease, revision, modified, started, open_children,
                awaits_children, woken, status, version, executor_group, priority, executor_id, next_activation,
                id, workflow_type)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        """;

    internal const string UpdateRun = """
        UPDATE workflow_run
           SET state           = ?1,
               step            = ?2,
               retry_count     = ?3,
               execution_count = ?4,
               lease           = ?5,
               revision        = ?6,
               modified        = ?7,
               started         = ?8,
               open_children   = ?9,
               awaits_children = ?10,
               woken           = ?11,
               status          = ?12,
               version         = ?13,
               executor_group  = ?14,
               priority        = ?15,
               executor_id     = ?16,
               next_activation = ?17
         WHERE id = ?18
           AND lease = ?19
           AND revision = ?20
        """;

    /// <summary>Names no column of an index: SQLite enters a row anew in every index whose columns it sets, changed or not.</summary>
    internal const string UpdateProgress = """
        UPDATE workflow_run
           SET state           = ?1,
               step            = ?2,
               retry_count     = ?3,
               execution_count = ?4,
               lease           = ?5,
               revision        = ?6,
               modified        = ?7,
               started         = ?8,
               open_children   = ?9,
               awaits_children = ?10,
               woken           = ?11
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

    private const string InsertResult = """
        INSERT INTO workflow_result
               (state, step, retry_count, execution_count, lease, revision, modified, started, open_children,
                status, version, executor_group, priority, finished, id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """;

    internal const string DeleteResult = """
        DELETE FROM workflow_result
         WHERE id = ?1
           AND lease = ?2
           AND revision = ?3
        """;

    /// <summary>Writes all of it, or gives false at the first row that is not as it was thought to be; the caller rolls back then.</summary>
    public bool TryWrite(RowSet rows)
    {
        if (
            rows.Changed > 0
            && !(
                AreAll(rows.Running, TryUpdate)
                && AreAll(rows.Ended, TryEnd)
                && AreAll(rows.Reopened, TryReopen)
                && AreAll(rows.StillFinal, TryReplaceResult)
            )
        )
        {
            return false;
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
            InsertIntoRuns(inserted);
        }

        statements.WriteVariables(rows);
        statements.WriteHistory(rows);
        statements.WriteCounts(rows);
        return true;
    }

    /// <summary>Inserts what a workflow is, and gives it its id, unless its external id is in use.</summary>
    public bool TryInsert(NewRow create)
    {
        var row = create.Row;
        var isNew =
            statements
                .Statement(InsertWorkflow)
                .Bind(row.ExternalId)
                .Bind(row.WorkflowType)
                .Bind(row.BusinessKey)
                .Bind(row.ParentWorkflowId)
                .Bind(row.Created)
                .Bind(create.Token)
                .Run() == 1;
        if (isNew)
        {
            create.Assign(statements.LastInsertedId);
        }

        return isNew;
    }

    private bool TryUpdate(RowChange change) =>
        IsIndexedAlike(change.Before, change.After)
            ? statements.Statement(UpdateProgress).BindProgress(change.After).BindGuard(change.Before).Run() == 1
            : statements
                .Statement(UpdateRun)
                .BindProgress(change.After)
                .BindPlace(change.After)
                .BindGuard(change.Before)
                .Run() == 1;

    private bool TryEnd(RowChange change)
    {
        var isThere = statements.Statement(DeleteRun).BindGuard(change.Before).Run() == 1;
        if (isThere)
        {
            InsertIntoResults(change.After);
        }

        return isThere;
    }

    private bool TryReopen(RowChange change)
    {
        var isThere = TryDeleteResult(change.Before);
        if (isThere)
        {
            InsertIntoRuns(change.After);
        }

        return isThere;
    }

    private bool TryReplaceResult(RowChange change)
    {
        var isThere = TryDeleteResult(change.Before);
        if (isThere)
        {
            InsertIntoResults(change.After);
        }

        return isThere;
    }

    private bool TryDeleteResult(WorkflowRecord before) =>
        statements.Statement(DeleteResult).BindGuard(before).Run() == 1;

    private void InsertIntoRuns(WorkflowRecord row) =>
        statements.Statement(InsertRun).BindProgress(row).BindPlace(row).Bind(row.Id).Bind(row.WorkflowType).Run();

    private void InsertIntoResults(WorkflowRecord row) =>
        statements
            .Statement(InsertResult)
            .Bind(row.State)
            .Bind(row.Step)
            .Bind(row.RetryCount)
            .Bind(row.ExecutionCount)
            .Bind(row.Lease)
            .Bind(row.Revision)
            .Bind(row.Modified)
            .Bind(row.Started)
            .Bind(row.OpenChildren)
            .Bind(row.Status.ToName())
            .Bind(row.Version)
            .Bind(row.ExecutorGroup)
            .Bind(row.Priority)
            .Bind(row.Finished)
            .Bind(row.Id)
            .Run();

    private static bool IsIndexedAlike(WorkflowRecord before, WorkflowRecord after) =>
        before.Status == after.Status
        && before.ExecutorId == after.ExecutorId
        && before.NextActivation == after.NextActivation
        && before.Version == after.Version
        && before.ExecutorGroup == after.ExecutorGroup
        && before.Priority == after.Priority;

    private static bool AreAll(IReadOnlyList<RowChange> changes, Func<RowChange, bool> tryWrite)
    {
        foreach (var change in changes)
        {
            if (!tryWrite(change))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Binds the columns that several statements share, in their order.</summary>
file static class RowBinding
{
    /// <summary>What no index knows.</summary>
    public static SqliteStatement BindProgress(this SqliteStatement statement, WorkflowRecord row) =>
        statement
            .Bind(row.State)
            .Bind(row.Step)
            .Bind(row.RetryCount)
            .Bind(row.ExecutionCount)
            .Bind(row.Lease)
            .Bind(row.Revision)
            .Bind(row.Modified)
            .Bind(row.Started)
            .Bind(row.OpenChildren)
            .Bind(row.AwaitsChildren)
            .Bind(row.Woken);

    /// <summary>What an index knows.</summary>
    public static SqliteStatement BindPlace(this SqliteStatement statement, WorkflowRecord row) =>
        statement
            .Bind(row.Status.ToName())
            .Bind(row.Version)
            .Bind(row.ExecutorGroup)
            .Bind(row.Priority)
            .Bind(row.ExecutorId)
            .Bind(row.NextActivation);

    public static SqliteStatement BindGuard(this SqliteStatement statement, WorkflowRecord before) =>
        statement.Bind(before.Id).Bind(before.Lease).Bind(before.Revision);
}
