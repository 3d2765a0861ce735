using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>A pool as the shared stores reach it.</summary>
internal sealed class PostgresSessions(NpgsqlDataSource source, TimeProvider? clock) : ISqlDatabase
{
    public static SqlDialect Dialect { get; } =
        new()
        {
            Clock = "clock_timestamp()",
            LastId = "lastval()",
            Greatest = "greatest",
            StoresMicroseconds = false,
        };

    SqlDialect ISqlDatabase.Dialect => Dialect;

    public async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await queries(Session(connection, null));
    }

    public async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var writing = await connection.BeginTransactionAsync(cancellation);
        var result = await transaction(Session(connection, writing));
        await writing.CommitAsync(cancellation);
        return result;
    }

    private SqlSession Session(NpgsqlConnection connection, NpgsqlTransaction? transaction) =>
        new(connection, transaction, Dialect, clock?.GetUtcNow());
}
