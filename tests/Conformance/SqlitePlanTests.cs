using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Conformance;

/// <summary>Every statement that the engine or a search runs finds its rows by an index, and none walks a table.</summary>
public sealed class SqlitePlanTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string, string> Statements =>
        new()
        {
            { SqliteClaims.NextPlace, "workflow_run USING COVERING INDEX workflow_run_due" },
            { SqliteClaims.Due, "r USING INDEX workflow_run_due" },
            { SqliteClaims.NextDue, "workflow_run USING COVERING INDEX workflow_run_due" },
            { SqliteOwners.OwnedBy, "workflow_run USING INDEX workflow_run_owned (executor_id=?)" },
            { SqliteOwners.DeadOwners, "workflow_run USING COVERING INDEX workflow_run_owned (executor_id>?)" },
            { SqliteOwners.OrphansOf, "workflow_run USING COVERING INDEX workflow_run_owned (executor_id=?)" },
            { SqliteOwners.EndDeadExecutors, "executors USING INDEX executors_alive (lease_until<?)" },
            { SqliteOwners.NextExpiry, "executors USING INDEX executors_alive" },
            { SqliteRowWriter.UpdateRun, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.UpdateProgress, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.DeleteRun, "workflow_run USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteRowWriter.DeleteResult, "workflow_result USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteQueries.ById, "w USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteQueries.ByExternalId, "w USING INDEX sqlite_autoindex_workflow_1 (external_id=?)" },
            { SqliteQueries.ByParent, "w USING INDEX workflow_by_parent (parent_workflow_id=?)" },
            { SqliteQueries.UnfinishedOfVersion, "workflow_run USING INTEGER PRIMARY KEY (rowid>?)" },
            { SqliteQueries.ActionsOfWorkflow, "workflow_actions USING INDEX workflow_actions_by_workflow" },
            { SqliteSearch.ByKeys, "w USING INTEGER PRIMARY KEY (rowid=?)" },
            { SqliteSearch.ByKeys, "workflow USING COVERING INDEX workflow_by_business_key (business_key=?)" },
            { SqliteSearch.ByParent, "w USING INDEX workflow_by_parent" },
            { SqliteSearch.ByType, "w USING INDEX workflow_by_type (workflow_type=? AND rowid<?)" },
            { SqliteSearch.Newest, "w USING INTEGER PRIMARY KEY (rowid<?)" },
            { SqliteSearch.Unfinished, "r USING INDEX workflow_run_by_status (status=? AND rowid<?)" },
            { SqliteSearch.Owned, "r USING INDEX workflow_run_owned" },
            { SqliteSearch.EndedOtherwise, "f USING INDEX workflow_result_by_status (status=? AND rowid<?)" },
            { SqliteSearch.Finished, "f USING INTEGER PRIMARY KEY (rowid<?)" },
            { SqliteSearch.InState, "f USING INDEX workflow_result_by_state (state=? AND rowid<?)" },
            { SqliteSearch.InState, "r USING INTEGER PRIMARY KEY (rowid<?)" },
        };

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Statements))]
    public void Rows_are_found_by_an_index(string sql, string search)
    {
        var plan = PlanOf(sql);

        Assert.Contains(plan, step => step.StartsWith($"SEARCH {search}", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, ScansATable);
    }

    /// <summary>What was sorted first would be read to its end, however few rows are wanted.</summary>
    [Theory]
    [InlineData(SqliteClaims.Due)]
    [InlineData(SqliteSearch.ByParent)]
    [InlineData(SqliteSearch.ByType)]
    [InlineData(SqliteSearch.Newest)]
    [InlineData(SqliteSearch.Unfinished)]
    [InlineData(SqliteSearch.EndedOtherwise)]
    [InlineData(SqliteSearch.Finished)]
    [InlineData(SqliteQueries.ActionsOfWorkflow)]
    public void A_page_is_read_in_its_order(string sql) =>
        Assert.DoesNotContain(PlanOf(sql), step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));

    private static bool ScansATable(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal)
        && !step.StartsWith("SCAN owner", StringComparison.Ordinal)
        && !step.StartsWith("SCAN CONSTANT ROW", StringComparison.Ordinal)
        && !step.StartsWith("SCAN (subquery", StringComparison.Ordinal);

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
