using GopherFlow.Conformance.Setting;
using GopherFlow.Storage.Sql;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Conformance;

/// <summary>Every statement of the engine and of searches uses an index, and none scans a table.</summary>
public sealed class SqlitePlanTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string, string> Statements =>
        new()
        {
            { SqliteClaims.NextPlace, "workflow_run USING INDEX workflow_run_due" },
            { SqliteClaims.Due, "r USING INDEX workflow_run_due" },
            { SqliteClaims.NextDue, "workflow_run USING INDEX workflow_run_due" },
            {
                SqlBacklog.NextGroup(SqliteSessions.Dialect),
                "workflow_run USING INDEX workflow_run_due (workflow_type=? AND version=? AND executor_group>?)"
            },
            {
                SqlBacklog.FirstAfter(SqliteSessions.Dialect),
                "workflow_run USING INDEX workflow_run_due (workflow_type=? AND version=? AND executor_group=? AND priority>?)"
            },
            {
                SqlBacklog.Soonest(SqliteSessions.Dialect),
                "workflow_run USING INDEX workflow_run_due (workflow_type=? AND version=? AND executor_group=? AND priority=?"
            },
            {
                SqlLimits.States(SqliteSessions.Dialect),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=?)"
            },
            {
                SqlLimits.States(SqliteSessions.Dialect),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=? AND state>?)"
            },
            {
                SqlPermitQueues.Queue(SqliteSessions.Dialect),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=? AND state=?)"
            },
            {
                SqlLimits.First(SqliteSessions.Dialect, ""),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=? AND state=?)"
            },
            {
                SqlLimits.First(SqliteSessions.Dialect, ""),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=? AND state=? AND limit_key>?)"
            },
            {
                SqlLimits.First(SqliteSessions.Dialect, ""),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=? AND state=? AND limit_key=?"
            },
            {
                SqlLimits.OfKey(SqliteSessions.Dialect),
                "r USING COVERING INDEX workflow_run_waiting (workflow_type=? AND version=? AND executor_group=? AND state=? AND limit_key=?"
            },
            { SqlLimits.Used(SqliteSessions.Dialect), "r USING INDEX workflow_run_permits (workflow_type=?)" },
            { SqlThroughputLog.Read(SqliteSessions.Dialect), "e USING PRIMARY KEY (minute>?)" },
            { SqlOwners.OwnedBy, "workflow_run USING INDEX workflow_run_owned (executor_id=?)" },
            { SqliteOwners.Orphans, "workflow_run USING COVERING INDEX workflow_run_owned (executor_id>?)" },
            { SqliteOwners.Orphans, "orphan USING COVERING INDEX workflow_run_owned (executor_id=?)" },
            {
                SqlOwners.EndDeadExecutors(SqliteSessions.Dialect),
                "executors USING INDEX executors_alive (lease_until<?)"
            },
            { SqliteRowWriter.UpdateRun, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.UpdateProgress, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.UpdateCourse, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.DeleteRun, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.DeleteResult, "workflow_result USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqlWorkflows.ById(SqliteSessions.Dialect), "w USING INTEGER PRIMARY KEY (rowid=?)" },
            {
                SqlWorkflows.ByExternalId(SqliteSessions.Dialect),
                "w USING INDEX sqlite_autoindex_workflow_1 (external_id=?)"
            },
            {
                SqlWorkflows.ByParent(SqliteSessions.Dialect),
                "w USING INDEX workflow_by_parent (parent_workflow_id=? AND rowid>?)"
            },
            { SqlWorkflows.Unfinished(SqliteSessions.Dialect), "workflow_run USING INTEGER PRIMARY KEY (rowid>?)" },
            { SqlHistory.NewestFirst, "workflow_actions USING INDEX workflow_actions_by_workflow" },
            { SqlHistory.OldestFirst, "workflow_actions USING INDEX workflow_actions_by_workflow" },
            { SqlHistory.Sums(SqliteSessions.Dialect), "a USING INDEX workflow_actions_by_workflow" },
            {
                SqlExpired.Find(SqliteSessions.Dialect),
                "f USING INDEX workflow_result_by_finished (finished>? AND finished<?)"
            },
            { SqlExpired.Find(SqliteSessions.Dialect), "w USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqlExpired.Find(SqliteSessions.Dialect), "r USING INTEGER PRIMARY KEY (rowid=?)" },
            {
                SqlLeftovers.DeleteSignals(SqliteSessions.Dialect),
                "s USING COVERING INDEX workflow_signals_by_taken (taken<?)"
            },
            { SqlLeftovers.DeleteAudit(SqliteSessions.Dialect), "a USING COVERING INDEX audit_log_by_at (at<?)" },
            { SqlAuditLog.Newest(SqliteSessions.Dialect), "audit_log USING INDEX audit_log_by_at (at>? AND at<?)" },
            {
                SqlAuditLog.OfActor(SqliteSessions.Dialect),
                "audit_log USING INDEX audit_log_by_actor (actor=? AND at>? AND at<?)"
            },
            {
                SqlAuditLog.OfTarget(SqliteSessions.Dialect),
                "audit_log USING INDEX audit_log_by_target (target_kind=? AND target_id=? AND at>? AND at<?)"
            },
        };

    public static TheoryData<WorkflowSearch, string> Searches =>
        new()
        {
            {
                new WorkflowSearch
                {
                    Id = 1,
                    ExternalId = "x",
                    BusinessKey = "x",
                },
                "w USING INTEGER PRIMARY KEY (rowid=?)"
            },
            {
                new WorkflowSearch
                {
                    Id = 1,
                    ExternalId = "x",
                    BusinessKey = "x",
                },
                "w USING COVERING INDEX workflow_by_business_key (business_key=?)"
            },
            { With(new() { ParentWorkflowId = 1 }), "w USING COVERING INDEX workflow_by_parent" },
            {
                With(new() { WorkflowTypes = ["A", "B"] }),
                "w USING COVERING INDEX workflow_by_type (workflow_type=? AND rowid<?)"
            },
            { Newest, "w USING INTEGER PRIMARY KEY (rowid<?)" },
            {
                With(new() { Statuses = [WorkflowStatus.New, WorkflowStatus.Paused] }),
                "r USING COVERING INDEX workflow_run_by_status (status=? AND rowid<?)"
            },
            { With(new() { Statuses = [WorkflowStatus.Executing] }), "r USING INDEX workflow_run_owned" },
            {
                With(new() { Statuses = [WorkflowStatus.Failed, WorkflowStatus.New] }),
                "f USING COVERING INDEX workflow_result_by_status (status=? AND rowid<?)"
            },
            { With(new() { Statuses = [WorkflowStatus.Finished] }), "f USING INTEGER PRIMARY KEY (rowid<?)" },
            {
                With(new() { Statuses = [WorkflowStatus.Finished], States = ["A"] }),
                "f USING INDEX workflow_result_by_state (state=? AND rowid<?)"
            },
            {
                With(new() { States = ["A", "B"] }),
                "f USING COVERING INDEX workflow_result_by_state (state=? AND rowid<?)"
            },
            { With(new() { States = ["A"] }), "r USING INTEGER PRIMARY KEY (rowid<?)" },
        };

    public static TheoryData<WorkflowSearch> InOrder =>
        [
            Newest,
            With(new() { ParentWorkflowId = 1 }),
            With(new() { WorkflowTypes = ["A"] }),
            With(new() { Statuses = [WorkflowStatus.New] }),
            With(new() { Statuses = [WorkflowStatus.Failed] }),
            With(new() { Statuses = [WorkflowStatus.Finished] }),
            With(new() { CreatedFrom = A.FirstInstant }),
        ];

    public static TheoryData<WorkflowFilter, string> Ranges =>
        new()
        {
            {
                new() { BusinessKeyPrefix = "a" },
                "w USING COVERING INDEX workflow_by_business_key (business_key>? AND business_key<?)"
            },
            {
                new() { FinishedFrom = A.FirstInstant },
                "f USING COVERING INDEX workflow_result_by_finished (finished>?)"
            },
        };

    private static WorkflowSearch Newest { get; } = new() { BeforeId = 1000 };

    private static WorkflowSearch With(WorkflowFilter filter) => Newest with { Filter = filter };

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Statements))]
    public void Rows_are_found_by_an_index(string sql, string search)
    {
        var plan = PlanOf(sql);

        Assert.Contains(plan, step => step.StartsWith($"SEARCH {search}", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, ScansATable);
    }

    /// <summary>The partial index contains only live executors.</summary>
    [Fact]
    public void Live_executors_are_counted_from_their_index() =>
        Assert.Equal(
            ["SCAN executors USING INDEX executors_alive"],
            PlanOf(SqlOwners.NextExpiry(SqliteSessions.Dialect)).Where(step => step.Contains("executors"))
        );

    [Theory, MemberData(nameof(Searches))]
    public void A_search_uses_the_index_for_its_filter(WorkflowSearch search, string expected)
    {
        var plan = PlanOf(PageOf(search));

        Assert.Contains(plan, step => step.StartsWith($"SEARCH {expected}", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, ScansATable);
    }

    [Theory, MemberData(nameof(InOrder))]
    public void A_page_is_read_in_order_without_sorting(WorkflowSearch search)
    {
        var plan = PlanOf(PageOf(search));

        Assert.DoesNotContain(plan.TakeWhile(step => step != "SCAN page"), Sorts);
    }

    /// <summary>Several index scans are merged, and each of them ends with the page.</summary>
    [Fact]
    public void Each_of_several_values_is_read_in_order_without_sorting()
    {
        var plan = PlanOf(PageOf(With(new() { Statuses = [WorkflowStatus.New, WorkflowStatus.Failed] })));

        foreach (var walk in (string[])["walk0", "walk1"])
        {
            var steps = plan.SkipWhile(step => step != $"CO-ROUTINE {walk}").TakeWhile(step => step != $"SCAN {walk}");
            Assert.Equal(2, steps.Count());
            Assert.DoesNotContain(steps, Sorts);
        }
    }

    [Theory, MemberData(nameof(Ranges))]
    public void A_small_range_is_found_by_its_index(WorkflowFilter filter, string expected)
    {
        var narrowed = Newest with { Filter = filter.Narrowed()! };
        var walk = filter.BusinessKeyPrefix is { } prefix ? SearchWalk.ByPrefix(prefix) : SearchWalk.ByFinished();
        var statements = new SqlSearch(SqliteSessions.Dialect, narrowed, [walk]);

        foreach (var sql in (string[])[statements.Count().Sql, statements.Page(1000, end: null, limit: 50).Sql])
        {
            var plan = PlanOf(sql);

            Assert.Contains(plan, step => step.StartsWith($"SEARCH {expected}", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, ScansATable);
        }
    }

    [Fact]
    public void The_end_of_a_partial_page_is_found_in_the_index_alone()
    {
        var filter = new WorkflowFilter { Statuses = [WorkflowStatus.New], ExecutorGroups = ["night"] };
        var end = PlannedSearch.Of(SqliteSessions.Dialect, With(filter)).End(1000, 100);

        var plan = PlanOf(end!.Value.Sql);

        Assert.Contains(
            plan,
            step => step.StartsWith("SEARCH r USING COVERING INDEX workflow_run_by_status", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(plan, Sorts);
    }

    /// <summary>A sort would read all rows, no matter how few are needed.</summary>
    [Fact]
    public void Limited_results_are_read_in_order_without_sorting()
    {
        Assert.DoesNotContain(PlanOf(SqliteClaims.Due), Sorts);
        Assert.DoesNotContain(PlanOf(SqlHistory.NewestFirst), Sorts);
        Assert.DoesNotContain(PlanOf(SqlHistory.OldestFirst), Sorts);
    }

    private static bool Sorts(string step) => step.Contains("TEMP B-TREE", StringComparison.Ordinal);

    private static bool ScansATable(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal)
        && step is not ("SCAN CONSTANT ROW" or "SCAN page" or "SCAN found" or "SCAN keyed" or "SCAN few")
        && !step.StartsWith("SCAN walk", StringComparison.Ordinal)
        && !step.StartsWith("SCAN owner", StringComparison.Ordinal)
        && step is not ("SCAN waiting" or "SCAN lane")
        && !step.StartsWith("SCAN (subquery", StringComparison.Ordinal);

    private static string PageOf(WorkflowSearch search) =>
        PlannedSearch.Of(SqliteSessions.Dialect, search).Page(search.BeforeId, end: null, search.Limit).Sql;

    private List<string> PlanOf(string sql)
    {
        using var connection = SqliteDatabase.Connect(folder.File("plans.db"), SqliteSynchronous.Normal);
        SqliteMigrations.Apply(connection);
        using var explain = connection.CreateCommand();
        explain.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        for (var parameter = 1; parameter <= 20; parameter++)
        {
            explain.Parameters.Add(new SqliteParameter($"?{parameter}", DBNull.Value));
        }

        using var steps = explain.ExecuteReader();
        var plan = new List<string>();
        while (steps.Read())
        {
            plan.Add(steps.GetString(3));
        }

        return plan;
    }
}
