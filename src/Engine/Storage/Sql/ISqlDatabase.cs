namespace GopherFlow.Storage.Sql;

/// <summary>A database as the shared stores reach it: each decides which of its connections serves.</summary>
internal interface ISqlDatabase
{
    /// <summary>How it writes what not all databases write alike.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Runs queries that see what is committed.</summary>
    Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation);

    /// <summary>Runs a transaction: committed when the function returns, rolled back when it throws.</summary>
    Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation);
}
