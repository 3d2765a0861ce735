using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Reading workflows, their history and the counts. The driver puts the values into the text, so a condition on a value that is
/// missing is gone before the server chooses an index.
/// </summary>
internal static class MySqlQueries
{
    private const string ById = $"""
           SELECT {MySqlRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.id = @id
        """;

    private const string ByExternalId = $"""
           SELECT {MySqlRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.external_id = CAST(@external_id AS BINARY)
        """;

    private const string ByParent = $"""
           SELECT {MySqlRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.parent_workflow_id = @parent
         ORDER BY w.id
        """;

    /// <summary>What every search asks.</summary>
    private const string Filters = """
              AND (@group IS NULL OR w.executor_group = CAST(@group AS BINARY))
              AND (@type IS NULL OR w.workflow_type = CAST(@type AS BINARY))
              AND (@state IS NULL OR w.state = CAST(@state AS BINARY))
              AND (@status IS NULL OR w.status = @status)
              AND (@parent IS NULL OR w.parent_workflow_id = @parent)
              AND (@before IS NULL OR w.id < @before)
         ORDER BY w.id DESC
            LIMIT @limit
           OFFSET @offset
        """;

    private const string SearchByKeys = $"""
           SELECT {MySqlRows.WorkflowColumns}
             FROM (SELECT id FROM workflow WHERE id = @id
                   UNION
                   SELECT id FROM workflow WHERE external_id = CAST(@external_id AS BINARY)
                   UNION
                   SELECT id FROM workflow WHERE business_key = CAST(@business_key AS BINARY)) AS found
             JOIN workflow AS w ON w.id = found.id
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE TRUE
        {Filters}
        """;

    private const string SearchAll = $"""
           SELECT {MySqlRows.WorkflowColumns}
             FROM workflow AS w
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE TRUE
        {Filters}
        """;

    private const string ActionsOfWorkflow = """
          SELECT id, workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time
            FROM workflow_actions
           WHERE workflow_id = @workflow
             AND (@before IS NULL OR id < @before)
        ORDER BY id DESC
           LIMIT @limit
        """;

    private const string Counts = """
          SELECT workflow_type, version, state, status, CAST(sum(count) AS SIGNED)
            FROM workflow_counts
        GROUP BY workflow_type, version, state, status
          HAVING sum(count) <> 0
        ORDER BY workflow_type, version, state, status
        """;

    public static async Task<WorkflowRecord?> FindAsync(MySqlSession session, long id) =>
        (await session.QueryAsync(ById, StoredRows.Workflow, ("@id", id))).SingleOrDefault();

    public static async Task<WorkflowRecord?> FindByExternalIdAsync(MySqlSession session, string externalId) =>
        (await session.QueryAsync(ByExternalId, StoredRows.Workflow, ("@external_id", externalId))).SingleOrDefault();

    public static async Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(MySqlSession session, long parentId) =>
        await session.QueryAsync(ByParent, StoredRows.Workflow, ("@parent", parentId));

    public static async Task<IReadOnlyList<WorkflowRecord>> SearchAsync(MySqlSession session, WorkflowSearch search)
    {
        var keyed = search.Id is not null || search.ExternalId is not null || search.BusinessKey is not null;
        return await session.QueryAsync(
            keyed ? SearchByKeys : SearchAll,
            StoredRows.Workflow,
            ("@id", search.Id),
            ("@external_id", search.ExternalId),
            ("@business_key", search.BusinessKey),
            ("@group", search.ExecutorGroup),
            ("@type", search.WorkflowType),
            ("@state", search.State),
            ("@status", search.Status?.ToName()),
            ("@parent", search.ParentWorkflowId),
            ("@before", search.BeforeId),
            ("@limit", search.Limit),
            ("@offset", search.Offset)
        );
    }

    public static async Task<IReadOnlyList<ActionRecord>> ActionsAsync(MySqlSession session, ActionSearch search) =>
        await session.QueryAsync(
            ActionsOfWorkflow,
            StoredRows.Action,
            ("@workflow", search.WorkflowId),
            ("@before", search.BeforeId),
            ("@limit", search.Limit)
        );

    public static async Task<IReadOnlyList<WorkflowCount>> CountsOfAsync(MySqlSession session) =>
        await session.QueryAsync(Counts, StoredRows.Count);
}
