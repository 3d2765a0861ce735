using System.Data.Common;
using System.Text.Json;
using GopherFlow.Storage.Sql;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GopherFlow.Conformance;

/// <summary>
/// A search for few of two hundred thousand workflows reads few rows if an index finds them. Otherwise it stops after a bounded number
/// and returns where to continue. The tests count the work of the database, not the time.
/// </summary>
[Collection("plans")]
public sealed class SearchEffortTests
{
    private const int Finished = 200_000;
    private const int Looks = 20_000;

    private const string MariaDbReads = """
        SELECT CAST(sum(variable_value) AS SIGNED)
          FROM information_schema.session_status
         WHERE variable_name LIKE 'HANDLER_READ_%'
        """;

    private const string PostgresPages = """
        SELECT CAST(sum(pg_stat_get_xact_blocks_fetched(oid)) AS bigint)
          FROM pg_class
         WHERE relnamespace = CAST(current_schema() AS regnamespace)
        """;

    /// <summary>Filters served by an index, and the number of matches on the first page.</summary>
    private static readonly (WorkflowFilter Filter, int Found)[] Quick =
    [
        (new(), 50),
        (new() { Statuses = [WorkflowStatus.Waiting] }, 10),
        (new() { Statuses = [WorkflowStatus.New, WorkflowStatus.Executing, WorkflowStatus.Waiting] }, 10),
        (new() { Statuses = [WorkflowStatus.Failed] }, 10),
        (new() { Statuses = [WorkflowStatus.Finished, WorkflowStatus.Failed] }, 50),
        (new() { States = ["Ask"] }, 10),
        (new() { States = ["Ask", "Done"] }, 50),
        (new() { States = ["Nowhere"] }, 0),
        (new() { WorkflowTypes = ["Rare"], States = ["Done"] }, 10),
        (new() { WorkflowTypes = ["Rare", "Common"] }, 50),
        (new() { WorkflowTypes = ["Common"], Statuses = [WorkflowStatus.Failed] }, 10),
        (new() { BusinessKeyPrefix = "rare-" }, 10),
        (new() { FinishedBefore = At(100) }, 50),
        (new() { FinishedBefore = At(100), Statuses = [WorkflowStatus.Failed] }, 10),
        (new() { CreatedFrom = At(1000) }, 50),
        (new() { WaitsFor = [WaitReason.Person] }, 10),
        (new() { ParentWorkflowId = 7 }, 3),
    ];

    /// <summary>Filters without a suitable index, which scan row by row.</summary>
    private static readonly WorkflowFilter[] Slow =
    [
        new() { ExecutorGroups = ["night"] },
        new() { CreatedBefore = At(5) },
        new() { WorkflowTypes = ["Common"], CreatedBefore = At(50) },
        new() { ModifiedFrom = At(Finished + 1000) },
        new()
        {
            WithoutParent = true,
            BusinessKeyPrefix = "c",
            ModifiedBefore = At(0),
        },
        new() { States = ["Done"], ExecutorGroups = ["night"] },
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SQLite_needs_few_steps()
    {
        using var folder = new TempFolder();
        using var connection = SqliteDatabase.Connect(folder.File("effort.db"), SqliteSynchronous.Normal);
        SqliteMigrations.Apply(connection);
        var numbers =
            $"(WITH RECURSIVE numbers (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < {Finished}) SELECT id FROM numbers)";
        await PutAsync(connection, null, numbers, text: "'c' || id", instant: "id");
        var steps = 0L;
        raw.sqlite3_progress_handler(connection.Handle!, 1, Count, null);

        await CheckAsync(
            new OneSession(new SqlSession(connection, null, SqliteSessions.Dialect, null), SqliteSessions.Dialect),
            () => Task.FromResult(steps),
            quick: 40_000,
            slow: 40 * Looks
        );
        raw.sqlite3_progress_handler(connection.Handle!, 0, (delegate_progress?)null, null);

        int Count(object user)
        {
            steps++;
            return 0;
        }
    }

    [Fact]
    public async Task MariaDB_reads_few_rows()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.MariaDb), "No MariaDB server is configured.");
        await using var database = MariaDbTestDatabase.Take();
        await using var store = new MySqlDatabase(database.ConnectionString);
        await store.OpenAsync(Stop);
        await store.Work.RunAsync(
            async connection =>
            {
                var numbers = $"(SELECT seq AS id FROM seq_1_to_{Finished})";
                await PutAsync(connection, null, numbers, text: "concat('c', id)", instant: "id");
                await RunAsync(connection, null, "ANALYZE TABLE workflow, workflow_run, workflow_result");
                var session = MySqlSessions.Session(connection, null);
                await CheckAsync(
                    new OneSession(session, MySqlSessions.Dialect),
                    () => NumberAsync(session, MariaDbReads),
                    quick: 3_000,
                    slow: 6 * Looks
                );
                return true;
            },
            Stop
        );
    }

    [Fact]
    public async Task PostgreSQL_reads_few_pages()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is configured.");
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var store = new PostgresDatabase(database.ConnectionString, clock: null);
        await store.OpenAsync(Stop);
        await using var connection = await store.Work.OpenConnectionAsync(Stop);
        var instant = "timestamptz '1970-01-01 00:00:00Z' + id * interval '1 microsecond'";
        await PutAsync(connection, null, $"(SELECT generate_series(1, {Finished}) AS id)", "'c' || id", instant);
        await RunAsync(connection, null, "VACUUM (ANALYZE) workflow, workflow_run, workflow_result");

        // Counts the pages that the transaction has read so far.
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        var session = PostgresSessions.Session(connection, transaction);
        await CheckAsync(
            new OneSession(session, PostgresSessions.Dialect),
            () => NumberAsync(session, PostgresPages),
            // Pages not marked all-visible because of another transaction are also read from the table, which doubles the number.
            quick: 8_000,
            slow: 6 * Looks
        );
    }

    private static DateTimeOffset At(long microsecond) => DateTimeOffset.UnixEpoch.AddMicroseconds(microsecond);

    private static async Task CheckAsync(ISqlDatabase database, Func<Task<long>> effortSoFar, long quick, long slow)
    {
        var searches = new SqlSearches(database);
        foreach (var (filter, found) in Quick)
        {
            var (result, effort) = await SearchAsync(filter);

            Assert.True(effort <= quick && !result.IsPartial, $"{JsonOf(filter)}: {effort}");
            Assert.Equal(found, result.Workflows.Count);
        }

        foreach (var filter in Slow)
        {
            var (result, effort) = await SearchAsync(filter);

            Assert.True(effort <= slow && result.IsPartial, $"{JsonOf(filter)}: {effort}");
            Assert.Empty(result.Workflows);
            Assert.InRange(result.NextBeforeId!.Value, Finished - Looks, Finished - (Looks / 3));
        }

        async Task<(SearchResult Result, long Effort)> SearchAsync(WorkflowFilter filter)
        {
            var before = await effortSoFar();
            var search = new WorkflowSearch
            {
                Filter = filter,
                MaxRowsRead = Looks,
                Now = At(0),
            };
            var result = await searches.FindAsync(search, Stop);
            return (result, await effortSoFar() - before);
        }
    }

    private static string JsonOf(WorkflowFilter filter) => JsonSerializer.Serialize(filter);

    private static async Task<long> NumberAsync(SqlSession session, string sql) =>
        (await session.ReadAsync(sql, row => row.Number(), Stop))[0];

    private static async Task RunAsync(DbConnection connection, DbTransaction? transaction, string sql)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>Inserts old workflows that the searches look for, and many newer finished ones.</summary>
    private static async Task PutAsync(
        DbConnection connection,
        DbTransaction? transaction,
        string numbers,
        string text,
        string instant
    )
    {
        await RunAsync(
            connection,
            transaction,
            $"""
            INSERT INTO workflow (id, external_id, workflow_type, business_key, parent_workflow_id, created, token)
                 SELECT id, {text}, CASE WHEN id <= 10 THEN 'Rare' ELSE 'Common' END,
                        CASE WHEN id <= 10 THEN 'rare-1' ELSE {text} END,
                        CASE WHEN id BETWEEN 21 AND 23 THEN 7 END, {instant}, 0
                   FROM {numbers} AS given;
            INSERT INTO workflow_run (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                                      execution_count, lease, revision, modified, open_children, awaits_children, woken)
                 SELECT id, 'Common', '1', 'default', 5, 'WAITING', 'Ask', 0, 0, 0, 0, 0, created, 0, FALSE, FALSE
                   FROM workflow
                  WHERE id BETWEEN 31 AND 40;
            INSERT INTO workflow_result (id, version, executor_group, priority, status, state, step, retry_count, execution_count,
                                         lease, revision, modified, finished, open_children)
                 SELECT id, '1', 'default', 5, CASE WHEN id BETWEEN 11 AND 20 THEN 'FAILED' ELSE 'FINISHED' END, 'Done', 0, 0, 0,
                        0, 0, created, created, 0
                   FROM workflow
                  WHERE id NOT BETWEEN 31 AND 40
            """
        );
        var (slot, first) = connection is SqliteConnection ? ("", "") : (", slot", ", 0");
        await RunAsync(
            connection,
            transaction,
            $"""
            INSERT INTO workflow_counts (workflow_type, version, state, status, count{slot})
            VALUES ('Rare', '1', 'Done', 'FINISHED', 10{first}), ('Common', '1', 'Done', 'FAILED', 10{first}),
                   ('Common', '1', 'Done', 'FINISHED', {Finished
                - 30}{first}), ('Common', '1', 'Ask', 'WAITING', 10{first})
            """
        );
    }

    /// <summary>A database with one connection, whose work can be counted.</summary>
    private sealed class OneSession(SqlSession session, SqlDialect dialect) : ISqlDatabase
    {
        public SqlDialect Dialect => dialect;

        public Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation) =>
            queries(session);

        public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation) =>
            transaction(session);
    }
}
