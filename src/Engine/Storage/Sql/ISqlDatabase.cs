namespace GopherFlow.Storage.Sql;

/// <summary>A database, as the shared stores use it. Each database chooses which of its connections to use.</summary>
internal interface ISqlDatabase
{
    /// <summary>The SQL that differs between databases.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Runs queries that read committed data.</summary>
    Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation);

    /// <summary>Runs a transaction: commits when the function returns, rolls back when it throws.</summary>
    Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation);
}
