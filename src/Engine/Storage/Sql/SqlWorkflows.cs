using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>Reads workflows, their signals, and the counts.</summary>
internal sealed class SqlWorkflows(ISqlDatabase database)
{
    /// <summary>The stored counts.</summary>
    internal const string Counts = """
          SELECT workflow_type, version, state, status, sum(count)
            FROM workflow_counts
        GROUP BY workflow_type, version, state, status
          HAVING sum(count) <> 0
        ORDER BY workflow_type, version, state, status
        """;

    private readonly string byId = ById(database.Dialect);
    private readonly string byParent = ByParent(database.Dialect);
    private readonly string byParentBare = ByParentBare(database.Dialect);
    private readonly string byExternalId = ByExternalId(database.Dialect);
    private readonly string unfinished = Unfinished(database.Dialect);
    private readonly string oldestSignal = SqlSignals.Oldest(database.Dialect);

    internal static string ById(SqlDialect dialect) =>
        $"""
            {Workflows(dialect)}
                WHERE w.id = @id
            """;

    internal static string ByExternalId(SqlDialect dialect) =>
        $"""
            {Workflows(dialect)}
                WHERE w.external_id = {dialect.Identifier("@external_id")}
            """;

    internal static string ByParent(SqlDialect dialect) =>
        $"""
               SELECT {SqlColumns.AnyOfList}, {SqlColumns.VariablesOfList}
                 FROM workflow AS w
            {SqlColumns.JoinProgress(dialect)}
            {SqlColumns.JoinVariables(dialect)}
                WHERE w.parent_workflow_id = @parent
                  AND w.id > @after
             ORDER BY w.id
                LIMIT @limit
            """;

    internal static string ByParentBare(SqlDialect dialect) =>
        $"""
               SELECT {SqlColumns.AnyOfList}
                 FROM workflow AS w
            {SqlColumns.JoinProgress(dialect)}
                WHERE w.parent_workflow_id = @parent
                  AND w.id > @after
             ORDER BY w.id
                LIMIT @limit
            """;

    /// <summary>Walks by id, so that all pages together read the table once.</summary>
    internal static string Unfinished(SqlDialect dialect) =>
        $"""
              SELECT id
                FROM workflow_run {dialect.ByPrimaryKey}
               WHERE workflow_type = {dialect.Identifier("@type")}
                 AND version = {dialect.Identifier("@version")}
                 AND id > @after
            ORDER BY id
               LIMIT @limit
            """;

    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        database.FindAsync(byId, StoredRows.Workflow, cancellation, ("@id", id));

    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        database.FindAsync(byExternalId, StoredRows.Workflow, cancellation, ("@external_id", externalId));

    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(ChildSearch search, CancellationToken cancellation) =>
        database.AllAsync<WorkflowRecord>(
            search.WithVariables ? byParent : byParentBare,
            search.WithVariables ? StoredRows.Workflow : StoredRows.WithoutVariables,
            cancellation,
            ("@parent", search.ParentWorkflowId),
            ("@after", search.AfterId),
            ("@limit", search.Limit),
            ("@largest", search.LargestValue)
        );

    public Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        database.AllAsync(
            unfinished,
            row => row.Number(),
            cancellation,
            ("@type", search.Definition.Name),
            ("@version", search.Definition.Version),
            ("@after", search.AfterId),
            ("@limit", search.Limit)
        );

    public Task<IReadOnlyList<SignalRecord>> SignalsAsync(SignalSearch search, CancellationToken cancellation) =>
        database.AllAsync(
            SqlSignals.Kept,
            StoredRows.Signal,
            cancellation,
            ("@workflow", search.WorkflowId),
            ("@after", search.AfterId),
            ("@limit", search.Limit),
            ("@largest", search.LargestValue)
        );

    public Task<SignalRecord?> OldestSignalAsync(long workflowId, string name, CancellationToken cancellation) =>
        database.FindAsync(oldestSignal, StoredRows.Signal, cancellation, ("@workflow", workflowId), ("@name", name));

    public Task<IReadOnlyList<SignalRecord>> TakenSignalsAsync(long workflowId, CancellationToken cancellation) =>
        database.AllAsync(SqlSignals.Taken, StoredRows.TakenSignal, cancellation, ("@workflow", workflowId));

    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        database.AllAsync(Counts, StoredRows.Count, cancellation);

    private static string Workflows(SqlDialect dialect) =>
        $"""
               SELECT {SqlColumns.Any}, {SqlColumns.Variables}
                 FROM workflow AS w
            {SqlColumns.JoinProgress(dialect)}
            {SqlColumns.JoinVariables(dialect)}
            """;
}
