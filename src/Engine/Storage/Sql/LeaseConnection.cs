using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// A connection for the lease only, with synchronous calls. So an executor can register and renew its lease even if the connection pools
/// are saturated or the process has no free thread. Each statement commits by itself, so a process that stalls holds no lock.
/// </summary>
/// <param name="open">Opens a connection whose calls have a timeout.</param>
/// <param name="dialect">The SQL that differs between databases.</param>
/// <param name="clock">A clock to use instead of the database's; null for the database's own.</param>
internal sealed class LeaseConnection(Func<DbConnection> open, SqlDialect dialect, TimeProvider? clock) : IDisposable
{
    private readonly Lock gate = new();
    private DbConnection? connection;

    /// <summary>
    /// Runs statements. If the open connection fails, runs them again on a new one. They may then have run twice: renewing a lease twice is
    /// harmless, and an executor that was registered twice leaves an entry whose lease expires.
    /// </summary>
    public T Run<T>(Func<SqlSession, T> statements)
    {
        lock (gate)
        {
            if (connection is not null)
            {
                try
                {
                    return RunOver(connection, statements);
                }
                catch (Exception)
                {
                    Drop();
                }
            }

            connection = open();
            try
            {
                return RunOver(connection, statements);
            }
            catch
            {
                Drop();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            Drop();
        }
    }

    private T RunOver<T>(DbConnection over, Func<SqlSession, T> statements) =>
        statements(new SqlSession(over, transaction: null, dialect, clock?.GetUtcNow()));

    private void Drop()
    {
        connection?.Dispose();
        connection = null;
    }
}
