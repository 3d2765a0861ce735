using System.Data.Common;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using MySqlConnector;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>
/// No index of <c>workflow_run</c> contains a column that every step changes. Otherwise each step would update every index of the table in
/// PostgreSQL (no HOT update), and that index in MariaDB.
/// </summary>
public sealed class IndexedColumnsTests
{
    private static readonly string[] Changing = StoredValues.Progress.Split(", ");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgreSQL_has_no_index_updated_by_each_step()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is configured.");
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var store = new PostgresStore(database.ConnectionString);
        await store.InitializeAsync(Stop);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(
            """
              SELECT a.attname
                FROM pg_index AS i
                JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid
                JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
               WHERE i.indrelid = 'workflow_run'::regclass
            """
        );
        await AssertUntouchedAsync(command);
    }

    [Fact]
    public async Task MariaDB_has_no_index_updated_by_each_step()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.MariaDb), "No MariaDB server is configured.");
        await using var database = MariaDbTestDatabase.Take();
        await using var store = new MySqlStore(database.ConnectionString);
        await store.InitializeAsync(Stop);
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new MySqlCommand(
            """
              SELECT column_name
                FROM information_schema.statistics
               WHERE table_schema = database()
                 AND table_name = 'workflow_run'
            """,
            connection
        );
        await AssertUntouchedAsync(command);
    }

    private static async Task AssertUntouchedAsync(DbCommand indexedColumns)
    {
        var indexed = new List<string>();
        await using var reader = await indexedColumns.ExecuteReaderAsync(Stop);
        while (await reader.ReadAsync(Stop))
        {
            indexed.Add(reader.GetString(0));
        }

        Assert.Contains("next_activation", indexed);
        Assert.Empty(indexed.Intersect(Changing));
    }
}
