using GopherFlow.Conformance.Setting;
using GopherFlow.Storage.Sql;
using GopherFlow.Stores.MySql;

namespace GopherFlow.Conformance;

/// <summary>Which indexes are used by the statements that must stay fast with any number of rows.</summary>
public sealed class MySqlPlanTests : IAsyncLifetime
{
    private const int Crowd = 2000;

    private MariaDbTestDatabase? database;
    private MySqlDatabase? store;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Statements =>
        new()
        {
            { nameof(MySqlClaims.LockDue), MySqlClaims.LockDue, "r:workflow_run_due w:PRIMARY" },
            { nameof(MySqlClaims.FirstParked), MySqlClaims.FirstParked, "place: r:workflow_run_due" },
            { nameof(MySqlClaims.NextDue), MySqlClaims.NextDue, "place: r:workflow_run_due" },
            {
                nameof(SqlBacklog.NextGroup),
                SqlBacklog.NextGroup(MySqlSessions.Dialect),
                "workflow_run:workflow_run_due"
            },
            {
                nameof(SqlBacklog.FirstAfter),
                SqlBacklog.FirstAfter(MySqlSessions.Dialect),
                "workflow_run:workflow_run_due"
            },
            { nameof(SqlBacklog.Soonest), SqlBacklog.Soonest(MySqlSessions.Dialect), "workflow_run:workflow_run_due" },
            {
                nameof(MySqlOwners.Orphans),
                MySqlOwners.Orphans,
                "<derived3>: e:executors_alive r:workflow_run_owned workflow_run:workflow_run_owned/distinct"
            },
            { nameof(SqlLimits.OfKey), SqlLimits.OfKey(MySqlSessions.Dialect), "r:workflow_run_waiting" },
            {
                nameof(SqlPermitQueues.Queue),
                SqlPermitQueues.Queue(MySqlSessions.Dialect),
                "<derived2>: r:workflow_run_waiting"
            },
            { nameof(SqlLimits.Used), SqlLimits.Used(MySqlSessions.Dialect), "r:workflow_run_waiting" },
            { nameof(MySqlWriting.ExpectRunning), MySqlWriting.ExpectRunning, "known: r:PRIMARY" },
            { nameof(MySqlWriting.ExpectFinal), MySqlWriting.ExpectFinal, "known: f:PRIMARY" },
            { nameof(MySqlWriting.DeleteRunning), MySqlWriting.DeleteRunning, "ended: r:PRIMARY" },
            { nameof(MySqlWriting.DeleteFinal), MySqlWriting.DeleteFinal, "reopened: f:PRIMARY" },
            {
                nameof(SqlExpired.Find),
                SqlExpired.Find(MySqlSessions.Dialect),
                "f:workflow_result_by_finished w:PRIMARY r:PRIMARY"
            },
            { nameof(SqlWorkflows.Unfinished), SqlWorkflows.Unfinished(MySqlSessions.Dialect), "workflow_run:PRIMARY" },
        };

    public static TheoryData<string, WorkflowSearch> Searches =>
        new()
        {
            { "w:PRIMARY", new WorkflowSearch() },
            {
                "w:workflow_by_type",
                new WorkflowSearch { Filter = new() { WorkflowTypes = ["Rare"] } }
            },
            {
                "w:workflow_by_parent",
                new WorkflowSearch { Filter = new() { ParentWorkflowId = 1 } }
            },
            {
                "f:workflow_result_by_status",
                new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Failed] } }
            },
            {
                "f:workflow_result_by_state",
                new WorkflowSearch { Filter = new() { States = ["Rare"] } }
            },
            {
                "r:workflow_run_owned",
                new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Executing] } }
            },
            {
                "w:workflow_by_business_key",
                new WorkflowSearch
                {
                    Id = 1,
                    ExternalId = "x",
                    BusinessKey = "x",
                }
            },
        };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.MariaDb), "No MariaDB server is configured.");
        database = MariaDbTestDatabase.Take();
        store = new MySqlDatabase(database.ConnectionString);
        await store.OpenAsync(Stop);
        Fill();
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
        {
            await store.DisposeAsync();
            await database!.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(Statements))]
    public async Task Rows_are_found_by_an_index(string of, string sql, string expected)
    {
        var plan = await PlanAsync(batch =>
            batch
                .Statement($"EXPLAIN {sql}")
                .With("@rows", """[["Order","1","default",5]]""")
                .With("@ids", "[1,2,3]")
                .With("@expected", 3)
                .With("@type", "Order")
                .With("@version", "1")
                .With("@group", "default")
                .With("@priority", 5)
                .With("@state", "Start")
                .With("@key", "a")
                .With("@most", 10)
                .With("@now", A.FirstInstant)
                .With("@limit", 10)
                .With("@after", 0)
                .With("@after_id", 0)
                .With("@retention", TimeSpan.FromDays(1))
        );

        Assert.True(expected == plan.Tables, $"{of}: {plan.Tables}");
        Assert.False(plan.Sorts && of != nameof(MySqlOwners.Orphans), $"{of} sorts.");
    }

    [Theory, MemberData(nameof(Searches))]
    public async Task A_search_uses_the_index_for_its_filter(string expected, WorkflowSearch search)
    {
        var plan = await PlanAsync(batch =>
        {
            var (sql, values) = PlannedSearch
                .Of(MySqlSessions.Dialect, search)
                .Page(before: null, end: null, limit: 50);
            var explain = batch.Statement($"EXPLAIN {sql}");
            foreach (var (name, value) in values)
            {
                explain.With(name, value);
            }
        });

        Assert.Contains(expected, plan.Tables.Split(' '));
        Assert.DoesNotContain(plan.Tables.Split(' '), table => table is "w:" or "r:" or "f:");
    }

    private void Fill() =>
        database!.Execute(
            $"""
            INSERT INTO workflow (id, external_id, workflow_type, business_key, parent_workflow_id, created, token)
            SELECT seq, seq, 'Order', seq, IF(seq % 100 = 0, seq - 1, NULL), 0, 0 FROM seq_1_to_{2 * Crowd};
            INSERT INTO workflow_run
                   (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count,
                    lease, revision, modified, next_activation, executor_id, open_children, awaits_children, woken)
            SELECT seq, 'Order', '1', 'default', 5, IF(seq % 10 = 0, 'EXECUTING', 'NEW'), 'A', 0, 0, 0,
                   0, 0, 0, IF(seq % 10 = 0, NULL, seq), IF(seq % 10 = 0, 1 + seq % 3, NULL), 0, 0, 0 FROM seq_1_to_{Crowd};
            INSERT INTO workflow_result
                   (id, version, executor_group, priority, status, state, step, retry_count, execution_count, lease, revision,
                    modified, open_children)
            SELECT seq, '1', 'default', 5, 'FINISHED', 'Done', 0, 0, 0, 0, 0,
                   0, 0 FROM seq_{Crowd + 1}_to_{2 * Crowd};
            ANALYZE TABLE workflow, workflow_run, workflow_result
            """
        );

    /// <summary>
    /// The tables with their indexes, in the order of the plan (an index can be scanned from one distinct value to the next), and whether
    /// the rows of one are sorted.
    /// </summary>
    private Task<(string Tables, bool Sorts)> PlanAsync(Action<MySqlStatements> explain) =>
        store!.Work.RunAsync(
            async connection =>
            {
                await using var batch = new MySqlStatements(connection, MySqlSessions.Dialect);
                explain(batch);
                var tables = new List<string>();
                var sorts = false;
                foreach (var (table, key, extra) in await batch.ReadAllAsync(Explained, Stop))
                {
                    if (table is not null)
                    {
                        var distinct = extra.Contains("Using index for group-by", StringComparison.Ordinal);
                        tables.Add($"{table}:{key}{(distinct ? "/distinct" : "")}");
                    }

                    sorts |= table is "r" or "f" && extra.Contains("filesort", StringComparison.Ordinal);
                }

                return (string.Join(' ', tables), sorts);
            },
            Stop
        );

    private static (string? Table, string? Key, string Extra) Explained(IStoredRow row)
    {
        row.OptionalNumber();
        row.OptionalText();
        var table = row.OptionalText();
        row.OptionalText();
        row.OptionalText();
        var key = row.OptionalText();
        row.OptionalText();
        row.OptionalText();
        row.OptionalText();
        return (table, key, row.OptionalText() ?? "");
    }
}
