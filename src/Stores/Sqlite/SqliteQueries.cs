using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Reading workflows, their history and the counts. Each search has the statement that its index serves.</summary>
internal static class SqliteQueries
{
    private const string ById = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.id = ?1
        """;

    private const string ByExternalId = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.external_id = ?1
        """;

    private const string ByParent = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.parent_workflow_id = ?1
         ORDER BY w.id
        """;

    /// <summary>What every search asks besides the condition that drives it.</summary>
    private const string Filters = """
              AND (?1 IS NULL OR w.executor_group = ?1)
              AND (?2 IS NULL OR w.workflow_type = ?2)
              AND (?3 IS NULL OR w.state = ?3)
              AND (?4 IS NULL OR w.status = ?4)
              AND (?5 IS NULL OR w.parent_workflow_id = ?5)
              AND w.id < ?6
         ORDER BY w.id DESC
            LIMIT ?7
           OFFSET ?8
        """;

    private const string SearchByKeys = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.id IN (SELECT id FROM workflow WHERE id = ?9
                           UNION
                           SELECT id FROM workflow WHERE external_id = ?10
                           UNION
                           SELECT id FROM workflow WHERE business_key = ?11)
        {Filters}
        """;

    private const string SearchByParent = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.parent_workflow_id = ?5
        {Filters}
        """;

    /// <summary>Of a status that neither runs nor has finished: the condition says to SQLite what it cannot see of a parameter.</summary>
    private const string SearchByStatus = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w INDEXED BY workflow_by_status
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.status = ?4
              AND w.status NOT IN ('EXECUTING', 'FINISHED')
        {Filters}
        """;

    private const string SearchOwned = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w INDEXED BY workflow_owned
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.executor_id IS NOT NULL
        {Filters}
        """;

    private const string SearchByType = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w INDEXED BY workflow_by_type
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.workflow_type = ?2
        {Filters}
        """;

    private const string SearchNewest = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE TRUE
        {Filters}
        """;

    private const string ActionsOfWorkflow = """
          SELECT id, workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time
            FROM workflow_actions
           WHERE workflow_id = ?1
             AND id < ?2
        ORDER BY id DESC
           LIMIT ?3
        """;

    private const string Counts = """
          SELECT workflow_type, version, state, status, count
            FROM workflow_counts
           WHERE count <> 0
        ORDER BY workflow_type, version, state, status
        """;

    public static WorkflowRecord? Find(SqliteReader reader, long id) =>
        reader.Statement(ById).Bind(id).ReadFirst(StoredRows.Workflow);

    public static WorkflowRecord? FindByExternalId(SqliteReader reader, string externalId) =>
        reader.Statement(ByExternalId).Bind(externalId).ReadFirst(StoredRows.Workflow);

    public static IReadOnlyList<WorkflowRecord> Children(SqliteReader reader, long parentId) =>
        reader.Statement(ByParent).Bind(parentId).ReadAll(StoredRows.Workflow);

    public static IReadOnlyList<WorkflowRecord> Search(SqliteReader reader, WorkflowSearch search)
    {
        var keyed = search.Id is not null || search.ExternalId is not null || search.BusinessKey is not null;
        var statement = reader
            .Statement(
                keyed ? SearchByKeys
                : search.ParentWorkflowId is not null ? SearchByParent
                : search.Status is WorkflowStatus.Executing ? SearchOwned
                : search.Status is not (null or WorkflowStatus.Finished) ? SearchByStatus
                : search.WorkflowType is not null ? SearchByType
                : SearchNewest
            )
            .Bind(search.ExecutorGroup)
            .Bind(search.WorkflowType)
            .Bind(search.State)
            .Bind(search.Status?.ToName())
            .Bind(search.ParentWorkflowId)
            .Bind(search.BeforeId ?? long.MaxValue)
            .Bind(search.Limit)
            .Bind(search.Offset);
        return (keyed ? statement.Bind(search.Id).Bind(search.ExternalId).Bind(search.BusinessKey) : statement).ReadAll(
            StoredRows.Workflow
        );
    }

    public static IReadOnlyList<ActionRecord> Actions(SqliteReader reader, ActionSearch search) =>
        reader
            .Statement(ActionsOfWorkflow)
            .Bind(search.WorkflowId)
            .Bind(search.BeforeId ?? long.MaxValue)
            .Bind(search.Limit)
            .ReadAll(StoredRows.Action);

    public static IReadOnlyList<WorkflowCount> CountsOf(SqliteReader reader) =>
        reader.Statement(Counts).ReadAll(StoredRows.Count);
}
