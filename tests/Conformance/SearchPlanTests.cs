using GopherFlow.Conformance.Setting;
using GopherFlow.Storage.Sql;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Conformance;

/// <summary>Which index scan a search chooses, given the counts.</summary>
public sealed class SearchPlanTests
{
    private static readonly WorkflowCount[] Counts =
    [
        new("Common", "1", "Done", WorkflowStatus.Finished, 1_000_000),
        new("Common", "1", "Done", WorkflowStatus.Failed, 10),
        new("Common", "1", "Work", WorkflowStatus.Executing, 5),
        new("Common", "1", "Work", WorkflowStatus.InProgress, 20_000),
        new("Common", "1", "Ask", WorkflowStatus.Waiting, 100),
        new("Rare", "2", "Done", WorkflowStatus.Finished, 100),
    ];

    public static TheoryData<WorkflowFilter, string> Plans =>
        new()
        {
            { new(), "Workflows" },
            {
                new() { WorkflowTypes = ["Rare", "Common"] },
                "Workflows:workflow_by_type Workflows:workflow_by_type"
            },
            {
                new() { WorkflowTypes = ["Rare"], States = ["Done"] },
                "Workflows:workflow_by_type"
            },
            {
                new() { WorkflowTypes = ["Common"], States = ["Done"] },
                "Final:workflow_result_by_state"
            },
            {
                new() { WorkflowTypes = ["Common"], States = ["Ask"] },
                "Unfinished"
            },
            {
                new() { WorkflowTypes = ["Common"], Statuses = [WorkflowStatus.Failed] },
                "Final:workflow_result_by_status"
            },
            {
                new() { WorkflowTypes = ["Rare"], Statuses = [WorkflowStatus.Failed] },
                ""
            },
            {
                new() { Versions = ["3"] },
                ""
            },
            {
                new() { Versions = ["2"] },
                "Final"
            },
            {
                new() { States = ["Done"], Statuses = [WorkflowStatus.Failed] },
                "Final:workflow_result_by_status"
            },
            {
                new() { States = ["Done", "Work", "Nowhere"] },
                "Unfinished Final:workflow_result_by_state"
            },
            {
                new() { Statuses = [WorkflowStatus.Executing, WorkflowStatus.Waiting, WorkflowStatus.Paused] },
                "Unfinished:workflow_run_owned Unfinished:workflow_run_by_status"
            },
            {
                new() { Statuses = [WorkflowStatus.Waiting, WorkflowStatus.Failed] },
                "Unfinished:workflow_run_by_status Final:workflow_result_by_status"
            },
            {
                new() { Statuses = [.. Enum.GetValues<WorkflowStatus>().Where(status => !status.IsFinal())] },
                "Unfinished"
            },
            {
                new() { WaitsFor = [WaitReason.Person] },
                "Unfinished:workflow_run_by_status"
            },
            {
                new() { WaitsFor = [WaitReason.Retry, WaitReason.Person] },
                "Unfinished:workflow_run_by_status Unfinished:workflow_run_by_status"
            },
            {
                new() { ExecutorGroups = ["night"] },
                "Unfinished Final"
            },
            {
                new() { FinishedFrom = A.FirstInstant },
                "Final"
            },
            {
                new() { ParentWorkflowId = 1, Statuses = [WorkflowStatus.Failed] },
                "Workflows:workflow_by_parent"
            },
        };

    [Theory, MemberData(nameof(Plans))]
    public void A_search_chooses_the_scan_that_reads_fewer_rows(WorkflowFilter filter, string expected) =>
        Assert.Equal(expected, PlanOf(SqliteSessions.Dialect, filter));

    [Fact]
    public void Without_an_index_on_status_unfinished_workflows_are_scanned_once()
    {
        var filter = new WorkflowFilter
        {
            Statuses = [WorkflowStatus.Executing, WorkflowStatus.Waiting, WorkflowStatus.InProgress],
        };

        Assert.Equal("Unfinished:workflow_run_owned Unfinished", PlanOf(MySqlSessions.Dialect, filter));
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("ä€", "ä₭")]
    [InlineData("x\uD7FF", "x\uE000")]
    [InlineData("a😀", "a😁")]
    [InlineData("a\U0010FFFF", "b")]
    [InlineData("\U0010FFFF", null)]
    [InlineData("", null)]
    public void The_range_of_a_prefix_ends_before_the_next_prefix(string prefix, string? next) =>
        Assert.Equal(next, Prefixes.After(prefix));

    private static string PlanOf(SqlDialect dialect, WorkflowFilter filter)
    {
        var search = new WorkflowSearch { Filter = filter.Narrowed()! };
        var walks = new SearchPlan(dialect, search, Counts).Walks();
        return string.Join(
            ' ',
            walks.Select(walk => walk.Index is null ? $"{walk.Table}" : $"{walk.Table}:{walk.Index}")
        );
    }
}
