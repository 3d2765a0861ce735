using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// A connection for the lease alone, with synchronous calls: neither a crowd at the pools nor a process without a free thread keeps an
/// executor from registering and from renewing its lease. Each statement commits by itself, so a process that stalls holds no lock.
/// </summary>
/// <param name="open">Opens a connection whose calls have a time limit.</param>
/// <param name="dialect">How the database writes what not all databases write alike.</param>
/// <param name="clock">What stands in for the database's clock, if anything does.</param>
internal sealed class LeaseConnection(Func<DbConnection> open, SqlDialect dialect, TimeProvider? clock) : IDisposable
{
    private readonly Lock gate = new();
    private DbConnection? connection;

    /// <summary>
    /// Runs statements; over a new connection once more when the one that is open was lost while it was idle. If only the answer was lost
    /// they have run twice: a second entry of an executor ends with its lease.
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
