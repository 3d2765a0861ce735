using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Puts together the statement of a search. Only what is asked for stands in it, so that each combination has the plan that its
/// index serves, and every table is walked backwards by such an index until the page is full.
/// </summary>
internal sealed class PostgresSearch
{
    private readonly NpgsqlBatchCommand statement;
    private readonly WorkflowSearch search;

    private PostgresSearch(NpgsqlBatchCommand statement, WorkflowSearch search)
    {
        this.statement = statement;
        this.search = search;
    }

    private bool IsByKey => search.Id is not null || search.ExternalId is not null || search.BusinessKey is not null;

    /// <summary>What few workflows have in common is not where they stand; where they stand is found in the tables of that.</summary>
    private bool IsByProgress =>
        !IsByKey && search.ParentWorkflowId is null && (search.Status is not null || search.State is not null);

    /// <summary>Adds the statement of a search to a batch.</summary>
    public static void Add(NpgsqlBatch batch, WorkflowSearch search)
    {
        var statement = batch.Statement("");
        statement.CommandText = new PostgresSearch(statement, search).Sql();
    }

    private string Sql()
    {
        var before = Given(search.BeforeId ?? long.MaxValue);
        var limit = Given((long)search.Limit);
        var offset = Given((long)search.Offset);
        var page = IsByProgress ? ByProgress(before, limit, offset) : ByIdentity(before, limit, offset);
        return $"""
               SELECT {PostgresColumns.Workflow}, {PostgresColumns.Variables}
                 FROM ({page}) AS page
                 JOIN workflow AS w ON w.id = ANY (ARRAY[page.id])
                 JOIN {PostgresColumns.Progress} AS p ON p.id = w.id
            LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
             ORDER BY w.id DESC
            """;
    }

    /// <summary>A page of ids, found by what never changes. Where each of them stands is looked up.</summary>
    private string ByIdentity(string before, string limit, string offset)
    {
        var where = new StringBuilder($"w.id < {before}");
        where.Append(Keys());
        where.Append(Filter("w.workflow_type", search.WorkflowType));
        where.Append(search.ParentWorkflowId is { } parent ? $" AND w.parent_workflow_id = {Given(parent)}" : "");
        var progress = FilterByProgress("p", search.Status);
        var join = progress.Length > 0 ? $"JOIN {PostgresColumns.Progress} AS p ON p.id = w.id" : "";
        return $"""
              SELECT w.id
                FROM workflow AS w
                {join}
               WHERE {where}{progress}
            ORDER BY w.id DESC
               LIMIT {limit}
              OFFSET {offset}
            """;
    }

    /// <summary>A page of ids, found by where the workflows stand.</summary>
    private string ByProgress(string before, string limit, string offset)
    {
        var tables = new List<string>();
        if (search.Status is not { } unfinished || !unfinished.IsFinal())
        {
            // An executing one is found among those that are owned.
            var owned = search.Status == WorkflowStatus.Executing ? " AND r.executor_id IS NOT NULL" : "";
            tables.Add(
                $"""
                (  SELECT r.id
                     FROM workflow_run AS r
                    WHERE r.id < {before}{owned}{FilterByProgress("r", search.Status)}{Filter(
                    "r.workflow_type",
                    search.WorkflowType
                )}
                 ORDER BY r.id DESC
                    LIMIT {limit}::bigint + {offset}::bigint)
                """
            );
        }

        if (search.Status is not { } final || final.IsFinal())
        {
            var ofType = search.WorkflowType is null ? "" : "JOIN workflow AS w ON w.id = f.id";
            tables.Add(
                $"""
                (  SELECT f.id
                     FROM workflow_result AS f
                     {ofType}
                    WHERE f.id < {before}{FilterByProgress("f", search.Status)}{Filter(
                    "w.workflow_type",
                    search.WorkflowType
                )}
                 ORDER BY f.id DESC
                    LIMIT {limit}::bigint + {offset}::bigint)
                """
            );
        }

        return $"""
              SELECT found.id
                FROM ({string.Join(" UNION ALL ", tables)}) AS found
            ORDER BY found.id DESC
               LIMIT {limit}
              OFFSET {offset}
            """;
    }

    /// <summary>Keys are alternatives to each other; the subquery gives each of them its index.</summary>
    private string Keys()
    {
        List<string> keys =
        [
            .. search.Id is { } id ? [$"id = {Given(id)}"] : Array.Empty<string>(),
            .. search.ExternalId is { } externalId ? [$"external_id = {Given(externalId)}"] : Array.Empty<string>(),
            .. search.BusinessKey is { } key ? [$"business_key = {Given(key)}"] : Array.Empty<string>(),
        ];
        return keys.Count switch
        {
            0 => "",
            1 => $" AND w.{keys[0]}",
            _ =>
                $" AND w.id IN ({string.Join(" UNION ", keys.Select(each => $"SELECT id FROM workflow WHERE {each}"))})",
        };
    }

    /// <summary>The status is a literal, so that the planner sees which partial index holds it.</summary>
    private string FilterByProgress(string table, WorkflowStatus? status) =>
        Filter($"{table}.executor_group", search.ExecutorGroup)
        + Filter($"{table}.state", search.State)
        + (status is { } asked ? $" AND {table}.status = '{asked.ToName()}'" : "");

    private string Filter(string column, string? value) => value is null ? "" : $" AND {column} = {Given(value)}";

    private string Given<T>(T value)
        where T : notnull
    {
        statement.With(value);
        return $"${statement.Parameters.Count}";
    }
}
