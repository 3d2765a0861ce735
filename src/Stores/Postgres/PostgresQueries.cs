using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Reading workflows, their history and the counts.</summary>
internal sealed class PostgresQueries(NpgsqlDataSource source)
{
    private const string Workflows = $"""
           SELECT {PostgresColumns.Workflow}, {PostgresColumns.Variables}
             FROM workflow AS w
             JOIN {PostgresColumns.Progress} AS p ON p.id = w.id
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
        """;

    private const string ById = $"""
        {Workflows}
            WHERE w.id = $1
        """;

    private const string ByExternalId = $"""
        {Workflows}
            WHERE w.external_id = $1
        """;

    private const string ByParent = $"""
        {Workflows}
            WHERE w.parent_workflow_id = $1
         ORDER BY w.id
        """;

    /// <summary>Walked by id: all pages together read the table once.</summary>
    internal const string Unfinished = """
          SELECT id
            FROM workflow_run
           WHERE workflow_type = $1
             AND version = $2
             AND id > $3
        ORDER BY id
           LIMIT $4
        """;

    private const string ActionsOfWorkflow = """
          SELECT id, workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time
            FROM workflow_actions
           WHERE workflow_id = $1
             AND id < $2
        ORDER BY id DESC
           LIMIT $3
        """;

    private const string Counts = """
          SELECT workflow_type, version, state, status, sum(count)::bigint
            FROM workflow_counts
        GROUP BY workflow_type, version, state, status
          HAVING sum(count) <> 0
        ORDER BY workflow_type, version, state, status
        """;

    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        FirstAsync(batch => batch.Statement(ById).With(id), cancellation);

    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        FirstAsync(batch => batch.Statement(ByExternalId).With(externalId), cancellation);

    public async Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentId, CancellationToken cancellation) =>
        await source.ReadAllAsync(batch => batch.Statement(ByParent).With(parentId), StoredRows.Workflow, cancellation);

    public async Task<IReadOnlyList<WorkflowRecord>> SearchAsync(
        WorkflowSearch search,
        CancellationToken cancellation
    ) => await source.ReadAllAsync(batch => PostgresSearch.Add(batch, search), StoredRows.Workflow, cancellation);

    public async Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        await source.ReadAllAsync(
            batch =>
                batch
                    .Statement(Unfinished)
                    .With(search.Definition.Name)
                    .With(search.Definition.Version)
                    .With(search.AfterId)
                    .With(search.Limit),
            row => row.Number(),
            cancellation
        );

    public async Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        await source.ReadAllAsync(
            batch =>
                batch
                    .Statement(ActionsOfWorkflow)
                    .With(search.WorkflowId)
                    .With(search.BeforeId ?? long.MaxValue)
                    .With(search.Limit),
            StoredRows.Action,
            cancellation
        );

    public async Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        await source.ReadAllAsync(batch => batch.Statement(Counts), StoredRows.Count, cancellation);

    private async Task<WorkflowRecord?> FirstAsync(Action<NpgsqlBatch> statement, CancellationToken cancellation) =>
        (await source.ReadAllAsync(statement, StoredRows.Workflow, cancellation)).FirstOrDefault();
}
