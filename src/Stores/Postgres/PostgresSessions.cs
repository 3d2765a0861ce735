using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Gives the shared SQL stores access to a pool.</summary>
internal sealed class PostgresSessions(PostgresPool source, TimeProvider? clock) : ISqlDatabase
{
    public static SqlDialect Dialect { get; } =
        new()
        {
            // As a subquery the clock is read only once, and comparisons with it can use an index.
            Clock = "(SELECT clock_timestamp())",
            LastId = "lastval()",
            Greatest = "greatest",
            StoresMicroseconds = false,
            PinsLookups = true,
            Whole = static sum => $"CAST({sum} AS bigint)",
        };

    SqlDialect ISqlDatabase.Dialect => Dialect;

    public async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await queries(SessionAtNow(connection, null));
    }

    public async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var writing = await connection.BeginTransactionAsync(cancellation);
        var result = await transaction(SessionAtNow(connection, writing));
        await writing.CommitAsync(cancellation);
        return result;
    }

    /// <summary>A session for statements that do not need the clock.</summary>
    public static SqlSession Session(NpgsqlConnection connection, NpgsqlTransaction? transaction) =>
        new(connection, transaction, Dialect, now: null);

    private SqlSession SessionAtNow(NpgsqlConnection connection, NpgsqlTransaction? transaction) =>
        new(connection, transaction, Dialect, clock?.GetUtcNow());
}
