using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Migrates the schema: numbered scripts, each applied once, forward only, in one transaction under a lock of its own.</summary>
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
        VALUES (@number, now())
        """;

    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var session = PostgresSessions.Session(connection, transaction);
        await session.RunAsync(Lock, cancellation);
        await session.RunAsync(Prepare, cancellation);
        var current = (await session.ReadAsync(Version, row => row.SmallNumber(), cancellation))[0];
        foreach (var script in MigrationScripts.After(typeof(PostgresMigrations).Assembly, current))
        {
            await session.RunAsync(script.Sql, cancellation);
            await session.RunAsync(Enter, cancellation, ("@number", script.Number));
        }

        await transaction.CommitAsync(cancellation);
    }
}
