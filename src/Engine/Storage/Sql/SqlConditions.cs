using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>A table through which a search walks.</summary>
internal enum WalkedTable
{
    /// <summary>All workflows, with the columns that never change (<c>w</c>).</summary>
    Workflows,

    /// <summary>The progress of unfinished workflows (<c>r</c>).</summary>
    Unfinished,

    /// <summary>The results of final workflows (<c>f</c>).</summary>
    Final,
}

/// <summary>Conditions of a filter that need not be written, because the walk fulfils them.</summary>
[Flags]
internal enum Fulfilled
{
    Nothing = 0,
    Type = 1,
    State = 2,
    Status = 4,
    BusinessKey = 8,
    Prefix = 16,
    Parent = 32,
    Finished = 64,
}

/// <summary>
/// Writes the conditions of a filter for one statement, each beginning with AND, and collects the values of its parameters.
/// </summary>
internal sealed class SqlConditions(SqlDialect dialect, WorkflowFilter filter, DateTimeOffset? now)
{
    private readonly Dictionary<string, object?> values = [];

    /// <summary>The values of the parameters.</summary>
    public (string Name, object? Value)[] Values => [.. values.Select(value => (value.Key, value.Value))];

    /// <summary>The joins that the conditions on a table need, and the conditions.</summary>
    public (string Joins, string Conditions) Of(WalkedTable table, Fulfilled fulfilled = Fulfilled.Nothing)
    {
        var identity = Identity(fulfilled);
        var standing = Standing(table, fulfilled);
        var type = fulfilled.HasFlag(Fulfilled.Type)
            ? ""
            : OneOf(
                table == WalkedTable.Unfinished ? "r.workflow_type" : "w.workflow_type",
                "@type",
                filter.WorkflowTypes
            );
        var joins = table switch
        {
            WalkedTable.Workflows when standing.Length > 0 => SqlColumns.JoinProgress(dialect),
            WalkedTable.Unfinished when identity.Length > 0 =>
                $"{dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "r.id")}",
            WalkedTable.Final when identity.Length + type.Length > 0 =>
                $"{dialect.JoinInOrder} workflow AS w ON {dialect.IsOf("w.id", "f.id")}",
            _ => "",
        };
        return (joins, identity + type + standing);
    }

    /// <summary>Sets the value of a parameter and returns its name.</summary>
    public string Given(string name, object value)
    {
        values[name] = value;
        return name;
    }

    /// <summary>A text to compare an identifier with.</summary>
    public string Identifier(string name, string value) => dialect.Identifier(Given(name, value));

    /// <summary>
    /// A range instead of LIKE, which does not compare exactly in every database, and which no index supports. Identifiers are in the order
    /// of their code points.
    /// </summary>
    public string BeginsWith(string prefix) => BeginsWith("w.business_key", prefix);

    /// <summary>The conditions on the time of the end.</summary>
    public string Finished() =>
        Is("f.finished", ">=", "@finished_from", filter.FinishedFrom)
        + Is("f.finished", "<", "@finished_before", filter.FinishedBefore);

    private string BeginsWith(string key, string prefix) =>
        Is(key, ">=", "@prefix", prefix) + Is(key, "<", "@prefix_end", Prefixes.After(prefix));

    /// <summary>The conditions on columns that never change, except the type, which is in more than one table.</summary>
    private string Identity(Fulfilled fulfilled) =>
        (fulfilled.HasFlag(Fulfilled.BusinessKey) ? "" : Is("w.business_key", "=", "@key", filter.BusinessKey))
        + (
            fulfilled.HasFlag(Fulfilled.Prefix) || filter.BusinessKeyPrefix is null
                ? ""
                : BeginsWith(dialect.Unindexed("w.business_key"), filter.BusinessKeyPrefix)
        )
        + (
            fulfilled.HasFlag(Fulfilled.Parent) || filter.ParentWorkflowId is not { } parent
                ? ""
                : $" AND w.parent_workflow_id = {Given("@parent", parent)}"
        )
        + (filter.WithoutParent ? " AND w.parent_workflow_id IS NULL" : "")
        + Is("w.created", ">=", "@created_from", filter.CreatedFrom)
        + Is("w.created", "<", "@created_before", filter.CreatedBefore);

    private string Standing(WalkedTable table, Fulfilled fulfilled)
    {
        string Of(string name) =>
            table switch
            {
                WalkedTable.Unfinished => $"r.{name}",
                WalkedTable.Final => $"f.{name}",
                _ => $"coalesce(r.{name}, f.{name})",
            };
        return OneOf(Of("version"), "@version", filter.Versions)
            + OneOf(Of("executor_group"), "@group", filter.ExecutorGroups)
            + (fulfilled.HasFlag(Fulfilled.State) ? "" : OneOf(Of("state"), "@state", filter.States))
            + (fulfilled.HasFlag(Fulfilled.Status) ? "" : OneOf(Of("status"), filter.Statuses))
            + Is(Of("modified"), ">=", "@modified_from", filter.ModifiedFrom)
            + Is(Of("modified"), "<", "@modified_before", filter.ModifiedBefore)
            + (fulfilled.HasFlag(Fulfilled.Finished) ? "" : Finished())
            + Waiting();
    }

    /// <summary>The conditions on what workflows wait for, by the rules of <see cref="WaitReasons.Of"/>.</summary>
    private string Waiting()
    {
        if (filter.WaitsFor.Count == 0)
        {
            return "";
        }

        var instant = Given("@asked_at", filter.At(now));
        return $" AND ({string.Join(" OR ", filter.WaitsFor.Distinct().Select(reason => $"({Waiting(reason, instant)})"))})";
    }

    private static string Waiting(WaitReason reason, string now)
    {
        const string Parked = "r.status IN ('NEW', 'IN_PROGRESS') AND r.executor_id IS NULL";
        var later = $"{Parked} AND NOT r.awaits_children AND r.next_activation > {now}";
        return reason switch
        {
            WaitReason.Resume => "r.status = 'PAUSED'",
            WaitReason.Person => "r.status = 'WAITING'",
            WaitReason.Executor => $"{Parked} AND r.next_activation <= {now} AND r.permit <> 1",
            WaitReason.Limit => $"{Parked} AND r.next_activation <= {now} AND r.permit = 1",
            WaitReason.Children =>
                $"{Parked} AND r.awaits_children AND (r.next_activation IS NULL OR r.next_activation > {now})",
            WaitReason.Signal =>
                $"{Parked} AND NOT r.awaits_children AND r.awaited_signals IS NOT NULL AND r.retry_count = 0 AND (r.next_activation IS NULL OR r.next_activation > {now})",
            WaitReason.Retry => $"{later} AND r.retry_count > 0",
            _ => $"{later} AND r.retry_count = 0 AND r.awaited_signals IS NULL",
        };
    }

    /// <summary>Statuses are written as literals: there are few of them, and the planner must see them to use a partial index.</summary>
    private static string OneOf(string column, IReadOnlyList<WorkflowStatus> statuses) =>
        statuses.Count == 0
            ? ""
            : $" AND {column} IN ({string.Join(", ", statuses.Select(status => $"'{status.ToName()}'"))})";

    private string OneOf(string column, string name, IReadOnlyList<string> wanted) =>
        wanted.Count == 0
            ? ""
            : $" AND {column} IN ({string.Join(", ", wanted.Select((value, index) => Identifier($"{name}{index}", value)))})";

    private string Is(string column, string comparison, string name, string? value) =>
        value is null ? "" : $" AND {column} {comparison} {Identifier(name, value)}";

    private string Is(string column, string comparison, string name, DateTimeOffset? instant) =>
        instant is null ? "" : $" AND {column} {comparison} {Given(name, instant.Value)}";
}
