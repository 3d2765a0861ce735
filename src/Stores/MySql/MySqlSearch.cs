using System.Globalization;
using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Puts together the statement of a search. Only what is asked for stands in it, so that each combination has the plan that its
/// index serves, and every table is walked backwards by such an index until the page is full.
/// </summary>
internal sealed class MySqlSearch
{
    private readonly MySqlBatchCommand statement;
    private readonly WorkflowSearch search;

    private MySqlSearch(MySqlBatchCommand statement, WorkflowSearch search)
    {
        this.statement = statement;
        this.search = search;
    }

    private bool IsByKey => search.Id is not null || search.ExternalId is not null || search.BusinessKey is not null;

    /// <summary>What few workflows have in common is not where they stand; where they stand is found in the tables of that.</summary>
    private bool IsByProgress =>
        !IsByKey && search.ParentWorkflowId is null && (search.Status is not null || search.State is not null);

    private int End => search.Limit + search.Offset;

    /// <summary>Adds the statement of a search to a batch.</summary>
    public static void Add(MySqlBatch batch, WorkflowSearch search)
    {
        var statement = batch.Statement("");
        statement.CommandText = new MySqlSearch(statement, search).Sql();
    }

    private string Sql() =>
        $"""
               SELECT {MySqlColumns.Workflow}
                 FROM ({(IsByProgress ? ByProgress() : ByIdentity())}) AS page
                 JOIN workflow AS w ON w.id = page.id
            {MySqlColumns.Joins}
             ORDER BY w.id DESC
            """;

    /// <summary>A page of ids, found by what never changes. Where each of them stands is looked up.</summary>
    private string ByIdentity()
    {
        var from = From();
        var where = new StringBuilder(Before("w.id"));
        where.Append(Filter("w.workflow_type", search.WorkflowType));
        where.Append(search.ParentWorkflowId is { } parent ? $" AND w.parent_workflow_id = {Given(parent)}" : "");
        var progress =
            Filter("coalesce(r.executor_group, f.executor_group)", search.ExecutorGroup)
            + Filter("coalesce(r.state, f.state)", search.State)
            + FilterStatus("coalesce(r.status, f.status)");
        return $"""
              SELECT w.id
                FROM {from}
                {(progress.Length > 0 ? MySqlColumns.Progress : "")}
               WHERE {where}{progress}
            ORDER BY w.id DESC
               LIMIT {Given(search.Limit)}
              OFFSET {Given(search.Offset)}
            """;
    }

    /// <summary>A page of ids, found by where the workflows stand.</summary>
    private string ByProgress()
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
                    WHERE {Before("r.id")}{owned}{FilterProgress("r")}{Filter("r.workflow_type", search.WorkflowType)}
                 ORDER BY r.id DESC
                    LIMIT {Given(End)})
                """
            );
        }

        if (search.Status is not { } final || final.IsFinal())
        {
            var ofType = search.WorkflowType is null ? "" : "STRAIGHT_JOIN workflow AS w ON w.id = f.id";
            tables.Add(
                $"""
                (  SELECT f.id
                     FROM workflow_result AS f
                     {ofType}
                    WHERE {Before("f.id")}{FilterProgress("f")}{Filter("w.workflow_type", search.WorkflowType)}
                 ORDER BY f.id DESC
                    LIMIT {Given(End)})
                """
            );
        }

        return $"""
              SELECT found.id
                FROM ({string.Join(" UNION ALL ", tables)}) AS found
            ORDER BY found.id DESC
               LIMIT {Given(search.Limit)}
              OFFSET {Given(search.Offset)}
            """;
    }

    /// <summary>Keys are alternatives to each other; the union gives each of them its index.</summary>
    private string From()
    {
        List<string> keys =
        [
            .. search.Id is { } id ? [$"id = {Given(id)}"] : Array.Empty<string>(),
            .. search.ExternalId is { } externalId ? [$"external_id = {GivenText(externalId)}"] : Array.Empty<string>(),
            .. search.BusinessKey is { } key ? [$"business_key = {GivenText(key)}"] : Array.Empty<string>(),
        ];
        return keys.Count == 0
            ? "workflow AS w"
            : $"""
                ({string.Join(" UNION ", keys.Select(key => $"SELECT id FROM workflow WHERE {key}"))}) AS keyed
                JOIN workflow AS w ON w.id = keyed.id
                """;
    }

    private string Before(string id) => search.BeforeId is { } before ? $"{id} < {Given(before)}" : "TRUE";

    private string FilterProgress(string table) =>
        Filter($"{table}.executor_group", search.ExecutorGroup)
        + Filter($"{table}.state", search.State)
        + FilterStatus($"{table}.status");

    private string FilterStatus(string status) =>
        search.Status is { } asked ? $" AND {status} = {Given(asked.ToName())}" : "";

    private string Filter(string column, string? value) => value is null ? "" : $" AND {column} = {GivenText(value)}";

    private string GivenText(string value) => $"CAST({Given(value)} AS BINARY)";

    private string Given(object value)
    {
        var name = $"@p{statement.Parameters.Count.ToString(CultureInfo.InvariantCulture)}";
        statement.With(name, value);
        return name;
    }
}
