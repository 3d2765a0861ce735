using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Searches. Each has the statement that its index serves; one that asks for a state, which is in no index of what is unfinished,
/// reads what is unfinished from the newest on and merges it with what the index of results gives.
/// </summary>
internal static class SqliteSearch
{
    internal const string ByKeys = $"""
        SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
          FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
         WHERE w.id IN (SELECT id FROM workflow WHERE id = ?9
                        UNION
                        SELECT id FROM workflow WHERE external_id = ?10
                        UNION
                        SELECT id FROM workflow WHERE business_key = ?11)
        {OfAny}
        {Page}
        """;

    internal const string ByParent = $"""
        SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
          FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
         WHERE w.parent_workflow_id = ?5
        {OfAny}
        {Page}
        """;

    internal const string ByType = $"""
        SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
          FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
         WHERE w.workflow_type = ?2
        {OfAny}
        {Page}
        """;

    internal const string Newest = $"""
        SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
          FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
         WHERE TRUE
        {OfAny}
        {Page}
        """;

    /// <summary>Of one status; the second condition says to SQLite what it cannot see of a parameter.</summary>
    internal const string Unfinished = $"""
            SELECT {SqliteRows.OfRun}, {SqliteRows.Variables}
              FROM workflow_run AS r INDEXED BY workflow_run_by_status
        CROSS JOIN workflow AS w ON w.id = r.id
        {SqliteRows.JoinVariables}
             WHERE r.status = ?4
               AND r.status <> 'EXECUTING'
        {OfRun}
          ORDER BY r.id DESC
             LIMIT ?7
            OFFSET ?8
        """;

    internal const string Owned = $"""
            SELECT {SqliteRows.OfRun}, {SqliteRows.Variables}
              FROM workflow_run AS r INDEXED BY workflow_run_owned
        CROSS JOIN workflow AS w ON w.id = r.id
        {SqliteRows.JoinVariables}
             WHERE r.executor_id IS NOT NULL
        {OfRun}
          ORDER BY r.id DESC
             LIMIT ?7
            OFFSET ?8
        """;

    /// <summary>Of a final status that is rarer than FINISHED.</summary>
    internal const string EndedOtherwise = $"""
            SELECT {SqliteRows.OfResult}, {SqliteRows.Variables}
              FROM workflow_result AS f INDEXED BY workflow_result_by_status
        CROSS JOIN workflow AS w ON w.id = f.id
        {SqliteRows.JoinVariables}
             WHERE f.status = ?4
               AND f.status <> 'FINISHED'
        {OfResult}
          ORDER BY f.id DESC
             LIMIT ?7
            OFFSET ?8
        """;

    internal const string Finished = $"""
            SELECT {SqliteRows.OfResult}, {SqliteRows.Variables}
              FROM workflow_result AS f
        CROSS JOIN workflow AS w ON w.id = f.id
        {SqliteRows.JoinVariables}
             WHERE TRUE
        {OfResult}
          ORDER BY f.id DESC
             LIMIT ?7
            OFFSET ?8
        """;

    internal const string InState = $"""
        SELECT *
          FROM (SELECT {SqliteRows.OfRun}, {SqliteRows.Variables}
                  FROM workflow_run AS r
            CROSS JOIN workflow AS w ON w.id = r.id
                {SqliteRows.JoinVariables}
                 WHERE r.state = ?3
                {OfRun}
              ORDER BY r.id DESC
                 LIMIT ?7 + ?8)
         UNION ALL
        SELECT *
          FROM (SELECT {SqliteRows.OfResult}, {SqliteRows.Variables}
                  FROM workflow_result AS f INDEXED BY workflow_result_by_state
            CROSS JOIN workflow AS w ON w.id = f.id
                {SqliteRows.JoinVariables}
                 WHERE f.state = ?3
                {OfResult}
              ORDER BY f.id DESC
                 LIMIT ?7 + ?8)
        ORDER BY 1 DESC
           LIMIT ?7
          OFFSET ?8
        """;

    /// <summary>Whether a type has fewer workflows than a state.</summary>
    private const string TypeIsRarer = """
        SELECT total(count) FILTER (WHERE workflow_type = ?1) < total(count) FILTER (WHERE state = ?2)
          FROM workflow_counts
        """;

    private const string OfAny = """
          AND (?1 IS NULL OR coalesce(r.executor_group, f.executor_group) = ?1)
          AND (?2 IS NULL OR w.workflow_type = ?2)
          AND (?3 IS NULL OR coalesce(r.state, f.state) = ?3)
          AND (?4 IS NULL OR coalesce(r.status, f.status) = ?4)
          AND (?5 IS NULL OR w.parent_workflow_id = ?5)
          AND w.id < ?6
        """;

    private const string OfRun = """
          AND (?1 IS NULL OR r.executor_group = ?1)
          AND (?2 IS NULL OR r.workflow_type = ?2)
          AND (?3 IS NULL OR r.state = ?3)
          AND (?4 IS NULL OR r.status = ?4)
          AND (?5 IS NULL OR w.parent_workflow_id = ?5)
          AND r.id < ?6
        """;

    private const string OfResult = """
          AND (?1 IS NULL OR f.executor_group = ?1)
          AND (?2 IS NULL OR w.workflow_type = ?2)
          AND (?3 IS NULL OR f.state = ?3)
          AND (?4 IS NULL OR f.status = ?4)
          AND (?5 IS NULL OR w.parent_workflow_id = ?5)
          AND f.id < ?6
        """;

    private const string Page = """
        ORDER BY w.id DESC
           LIMIT ?7
          OFFSET ?8
        """;

    /// <summary>A page of workflows, newest first.</summary>
    public static IReadOnlyList<WorkflowRecord> Search(SqliteReader reader, WorkflowSearch search)
    {
        var sql = StatementFor(reader, search);
        var statement = reader
            .Statement(sql)
            .Bind(search.ExecutorGroup)
            .Bind(search.WorkflowType)
            .Bind(search.State)
            .Bind(search.Status?.ToName())
            .Bind(search.ParentWorkflowId)
            .Bind(search.BeforeId ?? long.MaxValue)
            .Bind(search.Limit)
            .Bind(search.Offset);
        if (sql == ByKeys)
        {
            statement.Bind(search.Id).Bind(search.ExternalId).Bind(search.BusinessKey);
        }

        return statement.ReadAll(StoredRows.Workflow);
    }

    private static string StatementFor(SqliteReader reader, WorkflowSearch search) =>
        search switch
        {
            { Id: not null } or { ExternalId: not null } or { BusinessKey: not null } => ByKeys,
            { ParentWorkflowId: not null } => ByParent,
            { Status: WorkflowStatus.Executing } => Owned,
            { Status: { } status } when !status.IsFinal() => Unfinished,
            { Status: { } status } when status != WorkflowStatus.Finished => EndedOtherwise,
            { State: { } state, WorkflowType: { } type } when IsTypeRarer(reader, type, state) => ByType,
            { State: not null } => InState,
            { WorkflowType: not null } => ByType,
            { Status: not null } => Finished,
            _ => Newest,
        };

    private static bool IsTypeRarer(SqliteReader reader, string type, string state)
    {
        var row = reader.Statement(TypeIsRarer).Bind(type).Bind(state);
        var isRarer = row.Read() && row.Flag();
        row.End();
        return isRarer;
    }
}
