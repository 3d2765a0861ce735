using System.Text;
using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Puts together the statement for a page of a filter. Only what is asked for stands in it. It walks through ids: of those that have a
/// key or a parent by the index of that, of all others by the primary keys of where they stand, a bounded stretch at a time. So no
/// page depends on what the planner knows of the tables, and none takes long.
/// </summary>
internal sealed class SqlFilter
{
    private readonly SqlDialect dialect;
    private readonly WorkflowFilter filter;
    private readonly Dictionary<string, object?> values = [];

    public SqlFilter(SqlDialect dialect, FilterSearch search)
    {
        this.dialect = dialect;
        filter = search.Filter;
        values["@after"] = Math.Max(search.AfterId, (filter.IdFrom ?? 1) - 1);
        values["@up_to"] = Math.Min(search.UpToId, filter.IdTo ?? long.MaxValue);
        values["@limit"] = search.Limit;
        Sql = filter.IsNarrow ? ByIdentity() : ByProgress();
    }

    /// <summary>The statement.</summary>
    public string Sql { get; }

    /// <summary>The values of its parameters.</summary>
    public (string Name, object? Value)[] Values => [.. values.Select(value => (value.Key, value.Value))];

    /// <summary>The index has the ids of one key, or of one parent, in their order.</summary>
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
                 {Identity()}
                 {OneOf("w.workflow_type", "@type", filter.WorkflowTypes)}
                 {Standing("coalesce(r.{0}, f.{0})")}
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
        var identity = Identity();
        var ofIdentity = $"{dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "r.id")}";
        return $"""
              SELECT r.id, r.workflow_type, r.version, r.state, r.status
                FROM workflow_run AS r {dialect.ByPrimaryKey}
                {(identity.Length == 0 ? "" : ofIdentity)}
               WHERE r.id > @after
                 AND r.id <= @up_to
                 {identity}
                 {OneOf("r.workflow_type", "@type", filter.WorkflowTypes)}
                 {Standing("r.{0}")}
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
                 {Identity()}
                 {OneOf("w.workflow_type", "@type", filter.WorkflowTypes)}
                 {Standing("f.{0}")}
            ORDER BY f.id
               LIMIT @limit
            """;

    /// <summary>What never changes, but for the type, which stands in more than one table.</summary>
    private string Identity() =>
        Is("w.business_key", "=", "@key", filter.BusinessKey)
        + BeginsWith(filter.BusinessKeyPrefix)
        + (filter.ParentWorkflowId is { } parent ? $" AND w.parent_workflow_id = {Given("@parent", parent)}" : "")
        + Is("w.created", ">=", "@created_from", filter.CreatedFrom)
        + Is("w.created", "<", "@created_before", filter.CreatedBefore);

    /// <summary>Where it stands. A status is one of few known names.</summary>
    private string Standing(string column)
    {
        string Of(string name) => string.Format(null, column, name);
        var statuses = string.Join(", ", filter.Statuses.Select(status => $"'{status.ToName()}'"));
        return Is(Of("executor_group"), "=", "@group", filter.ExecutorGroup)
            + Is(Of("modified"), ">=", "@modified_from", filter.ModifiedFrom)
            + Is(Of("modified"), "<", "@modified_before", filter.ModifiedBefore)
            + OneOf(Of("version"), "@version", filter.Versions)
            + OneOf(Of("state"), "@state", filter.States)
            + (statuses.Length == 0 ? "" : $" AND {Of("status")} IN ({statuses})");
    }

    private string OneOf(string column, string name, IReadOnlyList<string> wanted)
    {
        var parameters = wanted.Select((value, index) => dialect.Identifier(Given($"{name}{index}", value)));
        return wanted.Count == 0 ? "" : $" AND {column} IN ({string.Join(", ", parameters)})";
    }

    private string Is(string column, string comparison, string name, string? value) =>
        value is null ? "" : $" AND {column} {comparison} {dialect.Identifier(Given(name, value))}";

    private string Is(string column, string comparison, string name, DateTimeOffset? instant) =>
        instant is null ? "" : $" AND {column} {comparison} {Given(name, instant.Value)}";

    /// <summary>LIKE would not compare exactly in every database.</summary>
    private string BeginsWith(string? prefix)
    {
        if (prefix is null)
        {
            return "";
        }

        var length = dialect.StoresIdentifiersAsBytes
            ? Encoding.UTF8.GetByteCount(prefix)
            : prefix.EnumerateRunes().Count();
        return $" AND substr(w.business_key, 1, {Given("@prefix_length", length)}) = {dialect.Identifier(Given("@prefix", prefix))}";
    }

    private string Given(string name, object value)
    {
        values[name] = value;
        return name;
    }
}
