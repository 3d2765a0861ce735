using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>By what a search finds its page; the rest of what it asks for is checked row by row.</summary>
internal enum SearchPath
{
    /// <summary>What never changes: keys, parent, type, or nothing but the order.</summary>
    Identity,

    /// <summary>Where workflows stand.</summary>
    Progress,

    /// <summary>How workflows ended.</summary>
    Result,
}

/// <summary>
/// Puts together the statement of a search. Only what is asked for stands in it, so that each combination has the plan that its
/// index serves, and every table is walked backwards by such an index until the page is full.
/// </summary>
internal sealed class SqlSearch
{
    private readonly SqlDialect dialect;
    private readonly WorkflowSearch search;
    private readonly Dictionary<string, object?> values = [];

    public SqlSearch(SqlDialect dialect, WorkflowSearch search, SearchPath path)
    {
        this.dialect = dialect;
        this.search = search;
        Sql = $"""
               SELECT {SqlColumns.Any}, {SqlColumns.Variables}
                 FROM ({(path == SearchPath.Identity ? ByIdentity() : ByProgress(path))}
                 LIMIT {Given("@limit", search.Limit)}
                OFFSET {Given("@offset", search.Offset)}) AS page
                 {dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "page.id")}
            {SqlColumns.JoinProgress(dialect)}
            {SqlColumns.JoinVariables(dialect)}
             ORDER BY w.id DESC
            """;
    }

    /// <summary>The statement.</summary>
    public string Sql { get; }

    /// <summary>The values of its parameters.</summary>
    public (string Name, object? Value)[] Values => [.. values.Select(value => (value.Key, value.Value))];

    /// <summary>What few workflows have in common is not where they stand; where they stand is found in the tables of that.</summary>
    public static SearchPath PathOf(WorkflowSearch search) =>
        search
            is { Id: null, ExternalId: null, BusinessKey: null, ParentWorkflowId: null }
                and ({ Status: not null } or { State: not null })
            ? SearchPath.Progress
            : SearchPath.Identity;

    /// <summary>Ids, found by what never changes. Where each of them stands is looked up.</summary>
    private string ByIdentity()
    {
        var progress =
            Filter("coalesce(r.executor_group, f.executor_group)", "@group", search.ExecutorGroup)
            + Filter("coalesce(r.state, f.state)", "@state", search.State)
            + (search.Status is { } status ? $" AND coalesce(r.status, f.status) = '{status.ToName()}'" : "");
        var type = Filter("w.workflow_type", "@type", search.WorkflowType);
        var parent = search.ParentWorkflowId is { } id ? $" AND w.parent_workflow_id = {Given("@parent", id)}" : "";
        return $"""
              SELECT w.id
                FROM {Identities()}
                {(progress.Length > 0 ? SqlColumns.JoinProgress(dialect) : "")}
               WHERE {Before("w.id")}{parent}{type}{progress}
            ORDER BY w.id DESC
            """;
    }

    /// <summary>Keys are alternatives to each other; the union gives each of them its index.</summary>
    private string Identities()
    {
        List<string> keys =
        [
            .. search.Id is { } id ? [$"id = {Given("@id", id)}"] : Array.Empty<string>(),
            .. Key("external_id", search.ExternalId),
            .. Key("business_key", search.BusinessKey),
        ];
        var index =
            search.ParentWorkflowId is not null ? "workflow_by_parent"
            : search.WorkflowType is not null ? "workflow_by_type"
            : null;
        return keys.Count == 0
            ? $"workflow AS w {dialect.By(index)}"
            : $"""
                ({string.Join(" UNION ", keys.Select(key => $"SELECT id FROM workflow WHERE {key}"))}) AS keyed
                {dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "keyed.id")}
                """;
    }

    private string[] Key(string column, string? value) =>
        value is null ? [] : [$"{column} = {dialect.Identifier(Given($"@{column}", value))}"];

    /// <summary>Ids, found by where the workflows stand.</summary>
    private string ByProgress(SearchPath path)
    {
        Given("@end", search.Limit + search.Offset);
        var tables = new List<string>();
        if (path == SearchPath.Progress && search.Status?.IsFinal() != true)
        {
            tables.Add($"SELECT id FROM ({AmongUnfinished()}) AS unfinished");
        }

        if (search.Status?.IsFinal() != false)
        {
            tables.Add($"SELECT id FROM ({AmongFinal()}) AS final");
        }

        return $"""
              SELECT found.id
                FROM ({string.Join(" UNION ALL ", tables)}) AS found
            ORDER BY found.id DESC
            """;
    }

    /// <summary>An executing one is found among those that are owned; the others have an index of their own.</summary>
    private string AmongUnfinished()
    {
        var (index, indexed) = search.Status switch
        {
            null => (null, ""),
            WorkflowStatus.Executing => ("workflow_run_owned", " AND r.executor_id IS NOT NULL"),
            _ => ("workflow_run_by_status", " AND r.status <> 'EXECUTING'"),
        };
        return $"""
              SELECT r.id
                FROM workflow_run AS r {dialect.By(index)}
               WHERE {Before("r.id")}{indexed}{Standing("r")}{Filter("r.workflow_type", "@type", search.WorkflowType)}
            ORDER BY r.id DESC
               LIMIT @end
            """;
    }

    private string AmongFinal()
    {
        var isRare = search.Status is not (null or WorkflowStatus.Finished);
        var index =
            isRare ? "workflow_result_by_status"
            : search.State is not null ? "workflow_result_by_state"
            : null;
        var ofType = $"{dialect.JoinInOrder} workflow AS w ON w.id = f.id";
        return $"""
              SELECT f.id
                FROM workflow_result AS f {dialect.By(index)}
                {(search.WorkflowType is null ? "" : ofType)}
               WHERE {Before("f.id")}{(isRare ? " AND f.status <> 'FINISHED'" : "")}{Standing("f")}
                     {Filter("w.workflow_type", "@type", search.WorkflowType)}
            ORDER BY f.id DESC
               LIMIT @end
            """;
    }

    /// <summary>The status is a literal, so that the planner sees which partial index holds it.</summary>
    private string Standing(string table) =>
        Filter($"{table}.executor_group", "@group", search.ExecutorGroup)
        + Filter($"{table}.state", "@state", search.State)
        + (search.Status is { } status ? $" AND {table}.status = '{status.ToName()}'" : "");

    /// <summary>A planner with statistics takes the same index for the first page as for the others when it is given an end too.</summary>
    private string Before(string id) =>
        search.BeforeId is null && !dialect.PinsLookups
            ? "TRUE"
            : $"{id} < {Given("@before", search.BeforeId ?? long.MaxValue)}";

    private string Filter(string column, string name, string? value) =>
        value is null ? "" : $" AND {column} = {dialect.Identifier(Given(name, value))}";

    private string Given(string name, object value)
    {
        values[name] = value;
        return name;
    }
}
