using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// One walk through workflows, newest first: by an index that fulfils some conditions. The other conditions are checked row by row.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Key">Writes the conditions by which rows are found in the index, each beginning with AND.</param>
internal sealed record SearchWalk(WalkedTable Table, Func<SqlConditions, string> Key)
{
    /// <summary>The index; null for the index of ids, or if the planner finds the right one by itself.</summary>
    public string? Index { get; init; }

    /// <summary>The first column of the index (the second is the id) and the value to look up in it; null for other indexes.</summary>
    public (string Column, Func<SqlConditions, string> Value)? Lead { get; init; }

    /// <summary>The condition that all rows of a partial index fulfil, beginning with AND; empty for other indexes.</summary>
    public string InIndex { get; init; } = "";

    /// <summary>The conditions that need not be checked, because the index fulfils them.</summary>
    public Fulfilled Fulfilled { get; init; }

    /// <summary>Conditions in addition to those of the filter.</summary>
    public string Besides { get; init; } = "";

    /// <summary>Whether the index has few matching rows, which are not in the order of their ids: all are read and sorted.</summary>
    public bool IsFew { get; init; }

    /// <summary>The alias of the table.</summary>
    public string Alias =>
        Table switch
        {
            WalkedTable.Unfinished => "r",
            WalkedTable.Final => "f",
            _ => "w",
        };

    /// <summary>All workflows of a table, by id.</summary>
    public static SearchWalk ById(WalkedTable table) => new(table, _ => "");

    /// <summary>The workflow with an id, or with an external id.</summary>
    public static SearchWalk One(string column, object value) =>
        new(
            WalkedTable.Workflows,
            wanted =>
                value is string text
                    ? $" AND w.{column} = {wanted.Identifier($"@{column}", text)}"
                    : $" AND w.{column} = {wanted.Given($"@{column}", value)}"
        )
        {
            IsFew = true,
        };

    /// <summary>The workflows with a business key.</summary>
    public static SearchWalk ByBusinessKey(string key, Fulfilled fulfilled) =>
        Led(
            WalkedTable.Workflows,
            "workflow_by_business_key",
            "w.business_key",
            wanted => wanted.Identifier("@walked_key", key)
        ) with
        {
            Fulfilled = fulfilled,
        };

    /// <summary>The children of a workflow.</summary>
    public static SearchWalk ByParent(long parent) =>
        Led(
            WalkedTable.Workflows,
            "workflow_by_parent",
            "w.parent_workflow_id",
            wanted => wanted.Given("@walked_parent", parent),
            inIndex: " AND w.parent_workflow_id IS NOT NULL"
        ) with
        {
            Fulfilled = Fulfilled.Parent,
        };

    /// <summary>The workflows of a type.</summary>
    public static SearchWalk ByType(string type, int number) =>
        Led(
            WalkedTable.Workflows,
            "workflow_by_type",
            "w.workflow_type",
            wanted => wanted.Identifier($"@walked_type{number}", type)
        ) with
        {
            Fulfilled = Fulfilled.Type,
        };

    /// <summary>The final workflows in a state.</summary>
    public static SearchWalk ByState(string state, int number) =>
        Led(
            WalkedTable.Final,
            "workflow_result_by_state",
            "f.state",
            wanted => wanted.Identifier($"@walked_state{number}", state)
        ) with
        {
            Fulfilled = Fulfilled.State,
        };

    /// <summary>The unfinished workflows with a status that the index contains.</summary>
    public static SearchWalk ByStatus(WorkflowStatus status) =>
        Led(
            WalkedTable.Unfinished,
            "workflow_run_by_status",
            "r.status",
            _ => $"'{status.ToName()}'",
            inIndex: " AND r.status <> 'EXECUTING'"
        ) with
        {
            Fulfilled = Fulfilled.Status,
        };

    /// <summary>The final workflows with a status that the index contains.</summary>
    public static SearchWalk ByFinalStatus(WorkflowStatus status) =>
        Led(
            WalkedTable.Final,
            "workflow_result_by_status",
            "f.status",
            _ => $"'{status.ToName()}'",
            inIndex: " AND f.status <> 'FINISHED'"
        ) with
        {
            Fulfilled = Fulfilled.Status,
        };

    /// <summary>The workflows whose business key has a prefix, if they are few.</summary>
    public static SearchWalk ByPrefix(string prefix) =>
        new(WalkedTable.Workflows, wanted => wanted.BeginsWith(prefix))
        {
            Index = "workflow_by_business_key",
            Fulfilled = Fulfilled.Prefix,
            IsFew = true,
        };

    /// <summary>The workflows that ended within a time range, if they are few.</summary>
    public static SearchWalk ByFinished() =>
        new(WalkedTable.Final, wanted => wanted.Finished())
        {
            Index = "workflow_result_by_finished",
            Fulfilled = Fulfilled.Finished,
            IsFew = true,
        };

    private static SearchWalk Led(
        WalkedTable table,
        string index,
        string column,
        Func<SqlConditions, string> value,
        string inIndex = ""
    ) =>
        new(table, wanted => $"{inIndex} AND {column} = {value(wanted)}")
        {
            Index = index,
            Lead = (column, value),
            InIndex = inIndex,
        };
}
