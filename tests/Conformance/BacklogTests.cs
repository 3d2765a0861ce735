using System.Text.Json;
using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using GopherFlow.Stores.Sqlite;
using Npgsql;
using SQLitePCL;

namespace GopherFlow.Conformance;

/// <summary>
/// A claim does the same work with two hundred thousand due workflows of a version that cannot run here as without them. The tests
/// count the work of the database, not the time.
/// </summary>
[Collection("plans")]
public sealed class BacklogTests
{
    private const int Backlog = 200_000;
    private const int Few = 10;
    private const string Elsewhere = "v0";

    private static readonly ClaimRequest Request = A.Claim(executor: 1, A.FirstInstant);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void SQLite_needs_no_more_steps()
    {
        using var folder = new TempFolder();
        var connection = SqliteDatabase.Connect(folder.File("backlog.db"), SqliteSynchronous.Normal);
        using var statements = new SqliteReader(connection);
        SqliteMigrations.Apply(connection);
        var database = new SqliteDatabase(folder.File("backlog.db"), SqliteSynchronous.Normal);
        var changes = new SqliteChangeLog(new SqliteSessions(database, TimeProvider.System), TimeProvider.System);
        var steps = 0;
        Put(1, Few, A.Version);
        var alone = Claim();
        Put(Few + 1, Few + Backlog, Elsewhere);
        Put(Few + Backlog + 1, (2 * Few) + Backlog, A.Version);

        Assert.InRange(Claim(), 1, alone + 100);

        int Claim()
        {
            steps = 0;
            raw.sqlite3_progress_handler(connection.Handle!, 1, Count, null);
            var result = new SqliteClaims(statements, changes).Claim(Request);
            raw.sqlite3_progress_handler(connection.Handle!, 0, (delegate_progress?)null, null);
            Assert.Equal(Few, result.Claimed.Count);
            return steps;
        }

        int Count(object user)
        {
            steps++;
            return 0;
        }

        void Put(int first, int last, string version)
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                WITH RECURSIVE given (id) AS (SELECT $first UNION ALL SELECT id + 1 FROM given WHERE id < $last)
                INSERT INTO workflow (id, external_id, workflow_type, business_key, created, token)
                     SELECT id, id, $type, id, 0, 0
                       FROM given;
                INSERT INTO workflow_run (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                                          execution_count, lease, revision, modified, next_activation, open_children,
                                          awaits_children, woken)
                     SELECT id, workflow_type, $version, $group, 5, 'NEW', 'Start', 0, 0, 0, 0, 0, 0, id, 0, 0, 0
                       FROM workflow
                      WHERE id >= $first
                """;
            command.Parameters.AddWithValue("$first", first);
            command.Parameters.AddWithValue("$last", last);
            command.Parameters.AddWithValue("$type", A.Type);
            command.Parameters.AddWithValue("$version", version);
            command.Parameters.AddWithValue("$group", A.Group);
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public async Task PostgreSQL_reads_a_few_pages()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is configured.");
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var store = new PostgresDatabase(database.ConnectionString, clock: null);
        await store.OpenAsync(Stop);
        await using var connection = await store.Work.OpenConnectionAsync(Stop);
        await RunAsync($"PREPARE claim AS {PostgresClaims.Claim}");
        await RunAsync($"PREPARE next_due AS {PostgresClaims.NextDue}");
        await PutAsync(1, Few, A.Version);
        await PutAsync(Few + 1, Few + Backlog, Elsewhere);
        await PutAsync(Few + Backlog + 1, (2 * Few) + Backlog, A.Version);

        var (claimed, pages) = await ExplainAsync(
            $"EXECUTE claim ('{{{A.Type}}}', '{{{A.Version}}}', '{{{A.Group}}}', now(), 100, 1, 'EXECUTING', '1 minute')"
        );
        Assert.Equal(2 * Few, claimed);
        Assert.InRange(pages, 1, 1000);
        (_, pages) = await ExplainAsync(
            $"EXECUTE next_due ('{{{A.Type}}}', '{{{A.Version}}}', '{{{A.Group}}}', now())"
        );
        Assert.InRange(pages, 1, 100);

        async Task<(int Rows, int Pages)> ExplainAsync(string statement)
        {
            await using var command = new NpgsqlCommand(
                $"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}",
                connection
            );
            var plan = JsonDocument
                .Parse((string)(await command.ExecuteScalarAsync(Stop))!)
                .RootElement[0]
                .GetProperty("Plan");
            return (
                (int)plan.GetProperty("Actual Rows").GetDouble(),
                plan.GetProperty("Shared Hit Blocks").GetInt32() + plan.GetProperty("Shared Read Blocks").GetInt32()
            );
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Stop);
        }

        Task PutAsync(int first, int last, string version) =>
            RunAsync(
                $"""
                INSERT INTO workflow (id, external_id, workflow_type, business_key, created, token)
                     SELECT id, id, '{A.Type}', id, now(), 0
                       FROM generate_series({first}, {last}) AS id;
                INSERT INTO workflow_run (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                                          execution_count, lease, revision, modified, next_activation, open_children,
                                          awaits_children, woken)
                     SELECT id, '{A.Type}', '{version}', '{A.Group}', 5, 'NEW', 'Start', 0, 0, 0, 0, 0, now(), now(), 0, false, false
                       FROM generate_series({first}, {last}) AS id
                """
            );
    }

    [Fact]
    public async Task MariaDB_reads_no_more_rows()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.MariaDb), "No MariaDB server is configured.");
        await using var database = MariaDbTestDatabase.Take();
        await using var store = new MySqlDatabase(database.ConnectionString);
        await store.OpenAsync(Stop);
        Put(1, Few, A.Version);
        var alone = await ClaimAsync();
        Put(Few + 1, Few + Backlog, Elsewhere);
        Put(Few + Backlog + 1, (2 * Few) + Backlog, A.Version);

        Assert.InRange(await ClaimAsync(), 1, alone + 100);

        async Task<long> ClaimAsync()
        {
            var before = await ReadsAsync();
            Assert.Equal(
                Few,
                (await new MySqlClaims(store, new MySqlChanges(store, clock: null)).ClaimAsync(Request, Stop))
                    .Claimed
                    .Count
            );
            return await ReadsAsync() - before;
        }

        // The number of rows read by the store's connection, by index or by scan.
        Task<long> ReadsAsync() =>
            store.Work.RunAsync(
                async connection =>
                {
                    await using var batch = new MySqlStatements(connection, MySqlSessions.Dialect);
                    batch.Statement(
                        """
                        SELECT CAST(sum(variable_value) AS SIGNED)
                          FROM information_schema.session_status
                         WHERE variable_name LIKE 'HANDLER_READ_%'
                        """
                    );
                    return (await batch.ReadAllAsync(row => row.Number(), Stop))[0];
                },
                Stop
            );

        void Put(int first, int last, string version) =>
            database.Execute(
                $"""
                INSERT INTO workflow (id, external_id, workflow_type, business_key, created, token)
                     SELECT seq, seq, '{A.Type}', seq, 0, 0
                       FROM seq_{first}_to_{last};
                INSERT INTO workflow_run (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                                          execution_count, lease, revision, modified, next_activation, open_children,
                                          awaits_children, woken)
                     SELECT seq, '{A.Type}', '{version}', '{A.Group}', 5, 'NEW', 'Start', 0, 0, 0, 0, 0, 0, seq, 0, 0, 0
                       FROM seq_{first}_to_{last}
                """
            );
    }
}
