using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Reading workflows, their history and the counts.</summary>
internal sealed class PostgresQueries(NpgsqlDataSource source)
{
    private const string Workflows = $"""
           SELECT {PostgresRows.WorkflowColumns}, coalesce(v.state_vars, {PostgresRows.NoVariables})
             FROM workflow AS w
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

    public async Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        (
            await source.ReadAllAsync(batch => batch.Statement(ById).With(id), StoredRows.Workflow, cancellation)
        ).FirstOrDefault();

    public async Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        (
            await source.ReadAllAsync(
                batch => batch.Statement(ByExternalId).With(externalId),
                StoredRows.Workflow,
                cancellation
            )
        ).FirstOrDefault();

    public async Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentId, CancellationToken cancellation) =>
        await source.ReadAllAsync(batch => batch.Statement(ByParent).With(parentId), StoredRows.Workflow, cancellation);

    public async Task<IReadOnlyList<WorkflowRecord>> SearchAsync(
        WorkflowSearch search,
        CancellationToken cancellation
    ) => await source.ReadAllAsync(batch => AddSearch(batch, search), StoredRows.Workflow, cancellation);

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

    /// <summary>
    /// Only what is asked for stands in the statement, so that each combination has the plan that its index serves. Keys are
    /// alternatives to each other; the subquery gives each of them its index.
    /// </summary>
    private static void AddSearch(NpgsqlBatch batch, WorkflowSearch search)
    {
        var sql = new StringBuilder(Workflows).Append("\nWHERE w.id < $1");
        var statement = batch.Statement("").With(search.BeforeId ?? long.MaxValue);
        string[] keys =
        [
            .. Key("id", search.Id is null ? null : statement.With(search.Id)),
            .. Key("external_id", search.ExternalId is null ? null : statement.With(search.ExternalId)),
            .. Key("business_key", search.BusinessKey is null ? null : statement.With(search.BusinessKey)),
        ];
        if (keys.Length > 0)
        {
            sql.Append($"\n  AND w.id IN ({string.Join(" UNION ", keys)})");
        }

        Filter(sql, statement, "executor_group", search.ExecutorGroup);
        Filter(sql, statement, "workflow_type", search.WorkflowType);
        Filter(sql, statement, "state", search.State);
        if (search.Status is { } status)
        {
            // As a literal, so that the planner sees which partial index holds it.
            sql.Append($"\n  AND w.status = '{status.ToName()}'");
            sql.Append(status == WorkflowStatus.Executing ? "\n  AND w.executor_id IS NOT NULL" : "");
        }

        if (search.ParentWorkflowId is { } parent)
        {
            statement.With(parent);
            sql.Append($"\n  AND w.parent_workflow_id = ${statement.Parameters.Count}");
        }

        statement.With(search.Limit).With(search.Offset);
        sql.Append(
            $"\nORDER BY w.id DESC LIMIT ${statement.Parameters.Count - 1} OFFSET ${statement.Parameters.Count}"
        );
        statement.CommandText = sql.ToString();
    }

    private static string[] Key(string column, NpgsqlBatchCommand? bound) =>
        bound is null ? [] : [$"SELECT id FROM workflow WHERE {column} = ${bound.Parameters.Count}"];

    private static void Filter(StringBuilder sql, NpgsqlBatchCommand statement, string column, string? value)
    {
        if (value is not null)
        {
            statement.With(value);
            sql.Append($"\n  AND w.{column} = ${statement.Parameters.Count}");
        }
    }
}
