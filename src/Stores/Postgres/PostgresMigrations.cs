using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Brings the schema up to date: numbered scripts, each once, forward only, in one transaction under a lock of its own.</summary>
internal static class PostgresMigrations
{
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtext('gopherflow'), hashtext(current_schema()))";

    private const string Prepare = """
        CREATE TABLE IF NOT EXISTS gopherflow_migrations (
            number  integer     PRIMARY KEY,
            applied timestamptz NOT NULL
        )
        """;

    private const string Version = """
        SELECT coalesce(max(number), 0)
          FROM gopherflow_migrations
        """;

    private const string Enter = """
        INSERT INTO gopherflow_migrations (number, applied)
        VALUES ($1, now())
        """;

    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, Lock, cancellation);
        await ExecuteAsync(connection, Prepare, cancellation);
        await using var version = new NpgsqlCommand(Version, connection);
        var current = (int)(await version.ExecuteScalarAsync(cancellation))!;
        foreach (var script in MigrationScripts.After(typeof(PostgresMigrations).Assembly, current))
        {
            await ExecuteAsync(connection, script.Sql, cancellation);
            await using var enter = new NpgsqlCommand(Enter, connection);
            enter.Parameters.Add(new NpgsqlParameter<int> { TypedValue = script.Number });
            await enter.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
