using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Reading single workflows, families, histories and counts.</summary>
internal static class SqliteQueries
{
    internal const string ById = $"""
        SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
          FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
         WHERE w.id = ?1
        """;

    internal const string ByIdWithoutVariables = $"""
        SELECT {SqliteRows.OfAny}
          FROM {SqliteRows.Any}
         WHERE w.id = ?1
        """;

    internal const string ByExternalId = $"""
        SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
          FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
         WHERE w.external_id = ?1
        """;

    internal const string ByParent = $"""
          SELECT {SqliteRows.OfAny}, {SqliteRows.Variables}
            FROM {SqliteRows.Any}
        {SqliteRows.JoinVariables}
           WHERE w.parent_workflow_id = ?1
        ORDER BY w.id
        """;

    internal const string UnfinishedOfVersion = """
          SELECT id
            FROM workflow_run
           WHERE id > ?3
             AND workflow_type = ?1
             AND version = ?2
        ORDER BY id
           LIMIT ?4
        """;

    internal const string ActionsOfWorkflow = """
          SELECT id, workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time
            FROM workflow_actions
           WHERE workflow_id = ?1
             AND id < ?2
        ORDER BY id DESC
           LIMIT ?3
        """;

    private const string AllCounts = """
          SELECT workflow_type, version, state, status, count
            FROM workflow_counts
           WHERE count <> 0
        ORDER BY workflow_type, version, state, status
        """;

    private const string DeleteCounts = "DELETE FROM workflow_counts";

    private const string CountAnew = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, count)
          SELECT workflow_type, version, state, status, count(*)
            FROM workflow_run
        GROUP BY workflow_type, version, state, status
        UNION ALL
          SELECT w.workflow_type, f.version, f.state, f.status, count(*)
            FROM workflow_result AS f
            JOIN workflow AS w ON w.id = f.id
        GROUP BY w.workflow_type, f.version, f.state, f.status
        """;

    public static WorkflowRecord? Find(SqliteReader reader, long id) =>
        reader.Statement(ById).Bind(id).ReadFirst(StoredRows.Workflow);

    public static WorkflowRecord? FindWithoutVariables(SqliteReader reader, long id) =>
        reader.Statement(ByIdWithoutVariables).Bind(id).ReadFirst(StoredRows.WithoutVariables);

    public static WorkflowRecord? FindByExternalId(SqliteReader reader, string externalId) =>
        reader.Statement(ByExternalId).Bind(externalId).ReadFirst(StoredRows.Workflow);

    public static IReadOnlyList<WorkflowRecord> Children(SqliteReader reader, long parentId) =>
        reader.Statement(ByParent).Bind(parentId).ReadAll(StoredRows.Workflow);

    public static IReadOnlyList<long> Unfinished(SqliteReader reader, UnfinishedSearch search) =>
        reader
            .Statement(UnfinishedOfVersion)
            .Bind(search.Definition.Name)
            .Bind(search.Definition.Version)
            .Bind(search.AfterId)
            .Bind(search.Limit)
            .ReadAll(row => row.Number());

    public static IReadOnlyList<ActionRecord> Actions(SqliteReader reader, ActionSearch search) =>
        reader
            .Statement(ActionsOfWorkflow)
            .Bind(search.WorkflowId)
            .Bind(search.BeforeId ?? long.MaxValue)
            .Bind(search.Limit)
            .ReadAll(StoredRows.Action);

    public static IReadOnlyList<WorkflowCount> Counts(SqliteReader reader) =>
        reader.Statement(AllCounts).ReadAll(StoredRows.Count);

    /// <summary>Counts all rows anew. Nothing is written meanwhile: it is one transaction, and holds the lock of the file.</summary>
    public static int RebuildCounts(SqliteReader statements)
    {
        statements.Statement(DeleteCounts).Run();
        return statements.Statement(CountAnew).Run();
    }
}
