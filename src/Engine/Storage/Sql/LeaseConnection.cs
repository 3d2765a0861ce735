using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// A connection for the lease alone, with synchronous calls: neither a crowd at the pools nor a process without a free thread keeps an
/// executor from registering and from renewing its lease. Each statement commits by itself, so a process that stalls holds no lock.
/// </summary>
/// <param name="open">Opens a connection whose calls have a time limit.</param>
/// <param name="dialect">How the database writes what not all databases write alike.</param>
/// <param name="clock">A clock in place of the database's; null for the database's own.</param>
internal sealed class LeaseConnection(Func<DbConnection> open, SqlDialect dialect, TimeProvider? clock) : IDisposable
{
    private readonly Lock gate = new();
    private DbConnection? connection;

    /// <summary>
    /// Runs statements, and if the open connection fails runs them again over a new one. They may then have run twice: renewing a lease
    /// twice is harmless, and an executor that was registered twice leaves an entry whose lease runs out.
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
