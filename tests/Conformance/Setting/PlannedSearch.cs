using GopherFlow.Storage.Sql;

namespace GopherFlow.Conformance.Setting;

/// <summary>The statements of a search in a database with equally many workflows of each kind in the filter.</summary>
internal static class PlannedSearch
{
    public static SqlSearch Of(SqlDialect dialect, WorkflowSearch search)
    {
        var narrowed = search with { Filter = search.Filter.Narrowed()! };
        return new(dialect, narrowed, new SearchPlan(dialect, narrowed, CountsFor(search.Filter)).Walks());
    }

    private static WorkflowCount[] CountsFor(WorkflowFilter filter) =>
        [
            .. from type in filter.WorkflowTypes.DefaultIfEmpty("Order")
            from state in filter.States.DefaultIfEmpty("A")
            from status in Enum.GetValues<WorkflowStatus>()
            select new WorkflowCount(type, "1", state, status, 1000),
        ];
}
