using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Builds the statement for a page of a filter, with only the conditions that are asked for. It walks through ids: workflows with a key or
/// a parent by the index of that, all others by the primary keys of the unfinished and the final ones, a limited range at a time. So no
/// page depends on the planner's statistics, and none takes long.
/// </summary>
internal sealed class SqlFilter
{
    private readonly SqlDialect dialect;
    private readonly WorkflowFilter filter;
    private readonly SqlConditions conditions;

    /// <param name="dialect">The SQL that differs between databases.</param>
    /// <param name="search">The page.</param>
    /// <param name="filter">Its filter, narrowed.</param>
    public SqlFilter(SqlDialect dialect, FilterSearch search, WorkflowFilter filter)
    {
        this.dialect = dialect;
        this.filter = filter;
        conditions = new SqlConditions(dialect, filter, search.Now);
        conditions.Given("@after", Math.Max(search.AfterId, (filter.IdFrom ?? 1) - 1));
        conditions.Given("@up_to", Math.Min(search.UpToId, filter.IdTo ?? long.MaxValue));
        conditions.Given("@limit", search.Limit);
        Sql = filter.IsNarrow ? ByIdentity() : ByProgress();
    }

    /// <summary>The statement.</summary>
    public string Sql { get; }

    /// <summary>The values of its parameters.</summary>
    public (string Name, object? Value)[] Values => conditions.Values;

    /// <summary>The index contains the ids of one key, or of one parent, in order.</summary>
    private string ByIdentity()
    {
        var (column, index) = filter.ParentWorkflowId is null
            ? ("w.business_key", "workflow_by_business_key")
            : ("w.parent_workflow_id", "workflow_by_parent");
        return $"""
              SELECT w.id, w.workflow_type, coalesce(r.version, f.version), coalesce(r.state, f.state),
                     coalesce(r.status, f.status)
                FROM workflow AS w {dialect.By(index)}
              {SqlColumns.JoinProgress(dialect)}
               WHERE w.id > @after
                 AND w.id <= @up_to
                 {conditions.Of(WalkedTable.Workflows).Conditions}
            ORDER BY {column}, w.id
               LIMIT @limit
            """;
    }

    private string ByProgress()
    {
        var tables = new List<string>();
        if (filter.Statuses.Count == 0 || filter.Statuses.Any(status => !status.IsFinal()))
        {
            tables.Add($"SELECT * FROM ({AmongUnfinished()}) AS unfinished");
        }

        if (filter.Statuses.Count == 0 || filter.Statuses.Any(status => status.IsFinal()))
        {
            tables.Add($"SELECT * FROM ({AmongFinal()}) AS final");
        }

        return $"""
              SELECT id, workflow_type, version, state, status
                FROM ({string.Join(" UNION ALL ", tables)}) AS found
            ORDER BY id
               LIMIT @limit
            """;
    }

    private string AmongUnfinished()
    {
        var (joins, wanted) = conditions.Of(WalkedTable.Unfinished);
        return $"""
              SELECT r.id, r.workflow_type, r.version, r.state, r.status
                FROM workflow_run AS r {dialect.ByPrimaryKey}
                {joins}
               WHERE r.id > @after
                 AND r.id <= @up_to
                 {wanted}
            ORDER BY r.id
               LIMIT @limit
            """;
    }

    private string AmongFinal() =>
        $"""
              SELECT f.id, w.workflow_type, f.version, f.state, f.status
                FROM workflow_result AS f {dialect.ByPrimaryKey}
                {dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "f.id")}
               WHERE f.id > @after
                 AND f.id <= @up_to
                 {conditions.Of(WalkedTable.Final).Conditions}
            ORDER BY f.id
               LIMIT @limit
            """;
}
