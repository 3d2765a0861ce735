using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.MySql;

/// <summary>The sessions of the database as the shared stores reach them. Each has a thread that waits for the server's answers.</summary>
/// <param name="database">The database.</param>
/// <param name="forExecutors">Whether what is written are executors, which have a session of their own.</param>
internal sealed class MySqlSessions(MySqlDatabase database, bool forExecutors) : ISqlDatabase
{
    /// <summary>The clock of the server: microseconds since 1970-01-01 UTC, as all instants are stored.</summary>
    private const string Clock = "timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6))";

    /// <summary>The same, unless a parameter stands in for it.</summary>
    public const string Now = $"coalesce(@now, {Clock})";

    public static SqlDialect Dialect { get; } =
        new()
        {
            Clock = Clock,
            LastId = "last_insert_id()",
            Greatest = "greatest",
            StoresMicroseconds = true,
        };

    SqlDialect ISqlDatabase.Dialect => Dialect;

    public Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation) =>
        database.ReadAsync(session => queries(session.Shared(database.Now)).GetAwaiter().GetResult(), cancellation);

    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation)
    {
        return forExecutors ? database.PulseAsync(Run, cancellation) : database.WriteAsync(Run, cancellation);

        T Run(MySqlSession session) => transaction(session.Shared(database.Now)).GetAwaiter().GetResult();
    }
}
