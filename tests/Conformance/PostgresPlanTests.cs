using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>
/// Statements that carry many rows look each of them up by its id, whatever the statistics say: made while no workflow was owned,
/// they promise that walking those that are is cheaper, and it is, until there are some.
/// </summary>
public sealed class PostgresPlanTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Statements =>
        new()
        {
            { nameof(PostgresSteps), PostgresSteps.CommitAll },
            { nameof(PostgresOwners), PostgresOwners.GiveBack },
            { nameof(PostgresFamilies), PostgresFamilies.UpdateAll },
            { nameof(PostgresVersionMoves), PostgresVersionMoves.MoveAll },
        };

    [Theory, MemberData(nameof(Statements))]
    public async Task Rows_are_found_by_their_ids(string of, string sql)
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is named.");
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using (var store = new PostgresStore(database.ConnectionString))
        {
            await store.InitializeAsync(Stop);
        }

        await ExecuteAsync(
            database.ConnectionString,
            """
            INSERT INTO workflow (external_id, workflow_type, version, business_key, executor_group, priority, status,
                                  state, created, modified)
                 SELECT number, 'Order', '1', '', 'default', 5, 'FINISHED', 'Done', now(), now()
                   FROM generate_series(1, 2000) AS number
            """
        );
        await ExecuteAsync(database.ConnectionString, "VACUUM (ANALYZE) workflow");

        var plan = await PlanAsync(database.ConnectionString, sql);

        Assert.True(plan.Contains("workflow_pkey", StringComparison.Ordinal), $"{of}:{Environment.NewLine}{plan}");
        Assert.False(plan.Contains("workflow_owned", StringComparison.Ordinal), $"{of}:{Environment.NewLine}{plan}");
    }

    /// <summary>The generic plan, which is what the store's prepared statements have.</summary>
    private static async Task<string> PlanAsync(string connectionString, string sql)
    {
        await using var database = new PostgresDatabase(connectionString, clock: null);
        await using var connection = await database.Work.OpenConnectionAsync(Stop);
        await ReadAsync(connection, $"PREPARE planned AS {sql}");
        var parameters = await ReadAsync(
            connection,
            "SELECT cardinality(parameter_types)::text FROM pg_prepared_statements WHERE name = 'planned'"
        );
        var values = string.Join(", ", Enumerable.Repeat("NULL", int.Parse(parameters[0], provider: null)));
        return string.Join(Environment.NewLine, await ReadAsync(connection, $"EXPLAIN EXECUTE planned ({values})"));
    }

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

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
