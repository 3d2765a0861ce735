using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// A connection for heartbeats alone, with synchronous calls: neither a crowd at the pools nor a process without a free thread keeps an
/// executor from renewing its lease.
/// </summary>
/// <param name="open">Opens a connection whose calls have a time limit.</param>
/// <param name="executors">The leases.</param>
/// <param name="dialect">How the database writes what not all databases write alike.</param>
/// <param name="clock">What stands in for the database's clock, if anything does.</param>
internal sealed class HeartbeatConnection(
    Func<DbConnection> open,
    SqlExecutors executors,
    SqlDialect dialect,
    TimeProvider? clock
) : IDisposable
{
    private readonly Lock gate = new();
    private DbConnection? connection;

    /// <summary>Renews a lease. A connection that was lost while it was idle is opened anew.</summary>
    public HeartbeatAnswer Send(ExecutorHeartbeat heartbeat)
    {
        lock (gate)
        {
            if (connection is not null)
            {
                try
                {
                    return SendOver(connection, heartbeat);
                }
                catch (Exception)
                {
                    Drop();
                }
            }

            connection = open();
            try
            {
                return SendOver(connection, heartbeat);
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

    private HeartbeatAnswer SendOver(DbConnection over, ExecutorHeartbeat heartbeat) =>
        executors.Renew(new SqlSession(over, transaction: null, dialect, clock?.GetUtcNow()), heartbeat);

    private void Drop()
    {
        connection?.Dispose();
        connection = null;
    }
}
