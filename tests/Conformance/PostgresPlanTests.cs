using System.Text.RegularExpressions;
using GopherFlow.Conformance.Setting;
using GopherFlow.Storage.Sql;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>
/// Statements use the index made for them, regardless of the statistics. Statistics made while no workflow is owned suggest that
/// scanning the owned ones is cheap, which is wrong as soon as there are some. These tests do not run in parallel with long
/// transactions, which would block VACUUM.
/// </summary>
[Collection("plans")]
public sealed class PostgresPlanTests : IAsyncLifetime
{
    private PostgresTestDatabase? database;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string ConnectionString => database!.ConnectionString;

    public static TheoryData<string, string> StatementsById =>
        new()
        {
            { nameof(PostgresWriting.UpdateRunning), PostgresWriting.UpdateRunning },
            { nameof(PostgresWriting.UpdateCourse), PostgresWriting.UpdateCourse },
            { nameof(PostgresWriting.End), PostgresWriting.End },
            { nameof(PostgresLocks.LockUnfinished), PostgresLocks.LockUnfinished },
            { nameof(SqlWorkflows.Unfinished), SqlWorkflows.Unfinished(PostgresSessions.Dialect) },
        };

    public static TheoryData<string, string> StatementsOfFinal =>
        new()
        {
            { nameof(PostgresWriting.UpdateFinal), PostgresWriting.UpdateFinal },
            { nameof(PostgresWriting.DeleteFinal), PostgresWriting.DeleteFinal },
            { nameof(PostgresLocks.LockFinal), PostgresLocks.LockFinal },
        };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is configured.");
        Assert.SkipWhen(PostgresTestDatabase.PoolMode is "transaction", "PREPARE needs its own session.");
        database = await PostgresTestDatabase.CreateAsync();
        await using var store = new PostgresStore(ConnectionString);
        await store.InitializeAsync(Stop);
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(StatementsById))]
    public async Task Unfinished_rows_are_found_by_their_ids(string of, string sql) =>
        AssertReads(of, await PlanAsync(sql), ["workflow_run_pkey"], ["workflow_run_owned", "workflow_run_due"]);

    [Theory, MemberData(nameof(StatementsOfFinal))]
    public async Task Final_rows_are_found_by_their_ids(string of, string sql) =>
        AssertReads(of, await PlanAsync(sql), ["workflow_result_pkey"], ["workflow_result_by_state"]);

    [Fact]
    public async Task Expired_workflows_are_found_by_the_index_on_finished() =>
        AssertReads(
            "expired",
            await PlanAsync(WithInterval(SqlExpired.Find(PostgresSessions.Dialect))),
            ["workflow_result_by_finished", "workflow_pkey", "workflow_run_pkey"],
            ["workflow_result_pkey", "workflow_run_owned"]
        );

    [Fact]
    public async Task Expired_workflows_are_deleted_by_id() =>
        AssertReads(
            "delete",
            await PlanAsync(PostgresExpired.Delete),
            [
                "workflow_result_pkey",
                "workflow_pkey",
                "workflow_run_pkey",
                "workflow_variables_pkey",
                "workflow_actions_pkey",
                "workflow_signals_by_workflow",
            ],
            ["workflow_result_by_finished", "workflow_run_owned", "workflow_signals_pkey"]
        );

    [Fact]
    public async Task Signals_taken_long_ago_are_found_by_the_index_on_taken() =>
        AssertReads(
            "signals",
            await PlanAsync(WithInterval(SqlLeftovers.DeleteSignals(PostgresSessions.Dialect))),
            ["workflow_signals_by_taken"],
            []
        );

    [Fact]
    public async Task Old_audit_entries_are_found_by_the_index_on_their_time() =>
        AssertReads(
            "audit",
            await PlanAsync(WithInterval(SqlLeftovers.DeleteAudit(PostgresSessions.Dialect))),
            ["audit_log_by_at"],
            []
        );

    [Fact]
    public async Task The_audit_log_is_read_by_the_index_for_the_filter()
    {
        AssertReads("newest", await PlanAsync(SqlAuditLog.Newest(PostgresSessions.Dialect)), ["audit_log_by_at"], []);
        AssertReads(
            "actor",
            await PlanAsync(SqlAuditLog.OfActor(PostgresSessions.Dialect)),
            ["audit_log_by_actor"],
            []
        );
        AssertReads(
            "target",
            await PlanAsync(SqlAuditLog.OfTarget(PostgresSessions.Dialect)),
            ["audit_log_by_target"],
            []
        );
    }

    [Fact]
    public async Task A_claim_reads_only_due_workflows_that_can_run_here()
    {
        AssertReads("claim", await PlanAsync(PostgresClaims.Claim), ["workflow_run_due"], ["workflow_run_owned"]);
        AssertReads("next due", await PlanAsync(PostgresClaims.NextDue), ["workflow_run_due"], ["workflow_run_pkey"]);
    }

    [Fact]
    public async Task Waiters_for_permits_are_found_by_skipping_through_states_and_keys()
    {
        foreach (
            var statement in (string[])
                [
                    SqlLimits.States(PostgresSessions.Dialect),
                    SqlLimits.First(PostgresSessions.Dialect, behind: ""),
                    SqlLimits.First(PostgresSessions.Dialect, "AND r.limit_key > @after"),
                    SqlLimits.OfKey(PostgresSessions.Dialect),
                    SqlPermitQueues.Queue(PostgresSessions.Dialect),
                ]
        )
        {
            var plan = await PlanAsync(statement);
            AssertReads(
                "waiting",
                plan,
                ["workflow_run_waiting"],
                ["workflow_run_pkey", "workflow_run_owned", "workflow_run_due"]
            );
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        }

        AssertReads(
            "permits",
            await PlanAsync(SqlLimits.Used(PostgresSessions.Dialect)),
            ["workflow_run_permits"],
            ["workflow_run_pkey", "workflow_run_owned"]
        );
    }

    [Fact]
    public async Task The_first_due_time_is_found_by_the_index_on_parked_workflows()
    {
        foreach (
            var statement in (string[])
                [
                    SqlBacklog.NextGroup(PostgresSessions.Dialect),
                    SqlBacklog.FirstAfter(PostgresSessions.Dialect),
                    SqlBacklog.Soonest(PostgresSessions.Dialect),
                ]
        )
        {
            var plan = await PlanAsync(statement);
            AssertReads("first due", plan, ["workflow_run_due"], ["workflow_run_pkey", "workflow_run_owned"]);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Workflows_of_dead_executors_are_found_by_skipping_through_owners() =>
        AssertReads(
            "orphans",
            await PlanAsync(PostgresOwners.Orphans),
            ["workflow_run_owned"],
            ["workflow_run_pkey", "workflow_run_due"]
        );

    [Fact]
    public async Task A_search_uses_the_index_for_its_filter()
    {
        await AssertSearchAsync(new WorkflowSearch(), "workflow_pkey");
        await AssertSearchAsync(
            new WorkflowSearch { Filter = new() { WorkflowTypes = ["Order"] } },
            "workflow_by_type"
        );
        await AssertSearchAsync(new WorkflowSearch { BusinessKey = "1" }, "workflow_by_business_key");
        await AssertSearchAsync(new WorkflowSearch { ExternalId = "1" }, "workflow_external_id");
        await AssertSearchAsync(new WorkflowSearch { Filter = new() { ParentWorkflowId = 1 } }, "workflow_by_parent");
        await AssertSearchAsync(
            new WorkflowSearch { Filter = new() { States = ["Done"] } },
            "workflow_result_by_state",
            "workflow_run_pkey"
        );
        await AssertSearchAsync(
            new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Failed] } },
            "workflow_result_by_status"
        );
        await AssertSearchAsync(
            new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Finished] } },
            "workflow_result_pkey"
        );
        await AssertSearchAsync(
            new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Executing] } },
            "workflow_run_owned"
        );
        await AssertSearchAsync(
            new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Paused] } },
            "workflow_run_by_status"
        );
        await AssertSearchAsync(
            new WorkflowSearch
            {
                BusinessKey = "1",
                ExternalId = "1",
                Id = 1,
            },
            "workflow_by_business_key",
            "workflow_external_id"
        );
    }

    /// <summary>For a range of ids a planner would prefer to scan all of them, or to sort the result of another index.</summary>
    [Fact]
    public async Task A_search_between_two_ids_uses_the_index_for_its_filter()
    {
        var search = new WorkflowSearch
        {
            Filter = new()
            {
                WorkflowTypes = ["Order7"],
                ExecutorGroups = ["night"],
                BusinessKeyPrefix = "1",
            },
        };
        var statements = PlannedSearch.Of(PostgresSessions.Dialect, search);
        foreach (
            var sql in (string[])
                [statements.End(before: 2900, 1000)!.Value.Sql, statements.Page(before: 2900, end: 100, limit: 50).Sql]
        )
        {
            var plan = await PlanAsync(sql);
            AssertReads($"{search}", plan, ["workflow_by_type"], ["workflow_by_business_key"]);
            Assert.Contains("Index Cond: ((ROW(", plan, StringComparison.Ordinal);
        }
    }

    private async Task AssertSearchAsync(WorkflowSearch search, params string[] indexes)
    {
        var statements = PlannedSearch.Of(PostgresSessions.Dialect, search);
        AssertReads($"{search}", await PlanAsync(statements.Page(before: null, end: null, limit: 50).Sql), indexes, []);
    }

    private static void AssertReads(string of, string plan, string[] indexes, string[] notIndexes)
    {
        var words = plan.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Assert.All(indexes, index => Assert.True(words.Contains(index), $"{of} does not use {index}:\n{plan}"));
        Assert.All(notIndexes, index => Assert.False(words.Contains(index), $"{of} uses {index}:\n{plan}"));
        Assert.False(
            plan.Contains("Seq Scan on workflow", StringComparison.Ordinal)
                || plan.Contains("Hash Left Join", StringComparison.Ordinal),
            $"{of} reads a whole table:\n{plan}"
        );
    }

    /// <summary>Inserts many final and some parked workflows. None is owned when the statistics are made.</summary>
    private async Task FillAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO workflow (id, external_id, workflow_type, business_key, created, token)
                 SELECT number, number, 'Order' || number % 500, number, now(), 0
                   FROM generate_series(1, 3000) AS number;
            INSERT INTO workflow_result (id, version, executor_group, priority, status, state, step, retry_count, execution_count,
                                         lease, revision, modified, started, finished, open_children)
                 SELECT id, '1', 'default', 5, CASE WHEN id % 50 = 0 THEN 'FAILED' ELSE 'FINISHED' END, 'Done', 1, 0, 1,
                        1, 1, now(), now(), now(), 0
                   FROM workflow
                  WHERE id <= 2000;
            INSERT INTO workflow_run (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                                      execution_count, lease, revision, modified, next_activation, open_children,
                                      awaits_children, woken)
                 SELECT id, 'Order', '1', 'default', 5, 'IN_PROGRESS', 'Review', 1, 0, 1, 1, 1, now(), now(), 0, false, false
                   FROM workflow
                  WHERE id > 2000;
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(Stop);
        command.CommandText = "VACUUM (ANALYZE) workflow, workflow_run, workflow_result";
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>The generic plan, as used by the store's prepared statements.</summary>
    private async Task<string> PlanAsync(string sql)
    {
        await using var store = new PostgresDatabase(ConnectionString, clock: null);
        await using var connection = await store.Work.OpenConnectionAsync(Stop);
        await ReadAsync(connection, $"PREPARE planned AS {Positional(sql)}");
        var parameters = await ReadAsync(
            connection,
            "SELECT cardinality(parameter_types)::text FROM pg_prepared_statements WHERE name = 'planned'"
        );
        var values = string.Join(", ", Enumerable.Repeat("NULL", int.Parse(parameters[0], provider: null)));
        return string.Join('\n', await ReadAsync(connection, $"EXPLAIN EXECUTE planned ({values})"));
    }

    /// <summary>The statement as the driver sends it, with numbered parameters.</summary>
    private static string Positional(string sql)
    {
        var names = new List<string>();
        return Regex.Replace(
            sql,
            "@[a-z_0-9]+",
            name =>
            {
                if (!names.Contains(name.Value))
                {
                    names.Add(name.Value);
                }

                return $"${names.IndexOf(name.Value) + 1}";
            }
        );
    }

    /// <summary>The driver sends the types of parameters; a statement prepared by hand must state them.</summary>
    private static string WithInterval(string sql) =>
        sql.Replace("@retention", "@retention::interval", StringComparison.Ordinal);

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<string>();
        while (await reader.ReadAsync(Stop))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
