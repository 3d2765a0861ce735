using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Reading workflows, their history and the counts.</summary>
internal sealed class MySqlQueries(MySqlPool pool)
{
    private const string Workflows = $"""
           SELECT {MySqlColumns.Workflow}
             FROM workflow AS w
        {MySqlColumns.Joins}
        """;

    private const string ById = $"""
        {Workflows}
            WHERE w.id = @id
        """;

    private const string ByExternalId = $"""
        {Workflows}
            WHERE w.external_id = CAST(@external_id AS BINARY)
        """;

    private const string ByParent = $"""
        {Workflows}
            WHERE w.parent_workflow_id = @parent
         ORDER BY w.id
        """;

    /// <summary>Walked by id: all pages together read the table once.</summary>
    internal const string Unfinished = """
          SELECT id
            FROM workflow_run FORCE INDEX (PRIMARY)
           WHERE workflow_type = CAST(@type AS BINARY)
             AND version = CAST(@version AS BINARY)
             AND id > @after
        ORDER BY id
           LIMIT @limit
        """;

    private const string ActionsOfWorkflow = """
          SELECT id, workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time
            FROM workflow_actions
           WHERE workflow_id = @workflow
             AND id < @before
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

    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        FirstAsync(batch => batch.Statement(ById).With("@id", id), cancellation);

    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        FirstAsync(batch => batch.Statement(ByExternalId).With("@external_id", externalId), cancellation);

    public async Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentId, CancellationToken cancellation) =>
        await ReadAsync(
            batch => batch.Statement(ByParent).With("@parent", parentId),
            StoredRows.Workflow,
            cancellation
        );

    public async Task<IReadOnlyList<WorkflowRecord>> SearchAsync(
        WorkflowSearch search,
        CancellationToken cancellation
    ) => await ReadAsync(batch => MySqlSearch.Add(batch, search), StoredRows.Workflow, cancellation);

    public async Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        await ReadAsync(
            batch =>
                batch
                    .Statement(Unfinished)
                    .With("@type", search.Definition.Name)
                    .With("@version", search.Definition.Version)
                    .With("@after", search.AfterId)
                    .With("@limit", search.Limit),
            row => row.Number(),
            cancellation
        );

    public async Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        await ReadAsync(
            batch =>
                batch
                    .Statement(ActionsOfWorkflow)
                    .With("@workflow", search.WorkflowId)
                    .With("@before", search.BeforeId ?? long.MaxValue)
                    .With("@limit", search.Limit),
            StoredRows.Action,
            cancellation
        );

    public async Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        await ReadAsync(batch => batch.Statement(Counts), StoredRows.Count, cancellation);

    private async Task<WorkflowRecord?> FirstAsync(Action<MySqlBatch> statement, CancellationToken cancellation) =>
        (await ReadAsync(statement, StoredRows.Workflow, cancellation)).FirstOrDefault();

    private Task<List<T>> ReadAsync<T>(
        Action<MySqlBatch> statement,
        Func<MySqlRow, T> read,
        CancellationToken cancellation
    ) =>
        pool.RunAsync(
            async connection =>
            {
                await using var batch = new MySqlBatch(connection);
                statement(batch);
                return await batch.ReadAllAsync(read, cancellation);
            },
            cancellation
        );
}
