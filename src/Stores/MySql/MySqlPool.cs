using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// A pool of connections. A connection may have been lost while it was idle. Statements that have not begun to write are then retried once
/// on a new connection, because the other idle ones are probably lost too. A transaction that has been undone is run again.
/// </summary>
internal sealed class MySqlPool(MySqlServers servers) : IAsyncDisposable
{
    private const int MostRetries = 5;

    /// <summary>The SQL dialect for its connections.</summary>
    public SqlDialect Dialect => servers.IsCluster ? MySqlSessions.InCluster : MySqlSessions.Dialect;

    /// <summary>Runs statements that can be repeated safely, even if they have been committed.</summary>
    public Task<T> RunAsync<T>(Func<MySqlConnection, Task<T>> statements, CancellationToken cancellation) =>
        RunAsync(statements, isRepeatable: true, cancellation);

    /// <summary>Runs statements that begin and commit a transaction of their own.</summary>
    public Task<T> TransactAsync<T>(Func<MySqlConnection, Task<T>> statements, CancellationToken cancellation) =>
        RunAsync(statements, isRepeatable: false, cancellation);

    /// <summary>Runs a transaction of the driver: it is committed when the work returns and rolled back when it throws.</summary>
    public Task<T> TransactAsync<T>(
        Func<MySqlConnection, MySqlTransaction, Task<T>> work,
        CancellationToken cancellation
    ) =>
        TransactAsync(
            async connection =>
            {
                await using var transaction = await BeginAsync(connection, cancellation);
                var result = await work(connection, transaction);
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            },
            cancellation
        );

    public ValueTask DisposeAsync() => servers.DisposeAsync();

    private async Task<T> RunAsync<T>(
        Func<MySqlConnection, Task<T>> statements,
        bool isRepeatable,
        CancellationToken cancellation
    )
    {
        for (var retries = 0; ; retries++)
        {
            var (server, opened) = await servers.OpenAsync(cancellation);
            await using var connection = opened;
            try
            {
                return await statements(connection);
            }
            catch (Exception fault) when (connection.State == ConnectionState.Open)
            {
                await RollBackAsync(server, connection);
                if (MySqlDriver.IsCutOff(fault))
                {
                    await server.AvoidAsync();
                }

                if (retries == MostRetries || !MySqlDriver.IsUndone(fault))
                {
                    throw;
                }
            }
            catch (Exception) when (isRepeatable && retries == 0 && !cancellation.IsCancellationRequested)
            {
                await MySqlConnection.ClearPoolAsync(connection, cancellation);
            }
        }
    }

    private static async Task<MySqlTransaction> BeginAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            return await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        }
        catch (Exception) when (connection.State != ConnectionState.Open && !cancellation.IsCancellationRequested)
        {
            await MySqlConnection.ClearPoolAsync(connection, cancellation);
            await connection.CloseAsync();
            await connection.OpenAsync(cancellation);
            return await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        }
    }

    /// <summary>
    /// Rolls back. A connection that cannot roll back must not be reused: its session is ended, and the server rolls it back. The caller
    /// gets the original exception.
    /// </summary>
    private static async Task RollBackAsync(MySqlServer server, MySqlConnection connection)
    {
        try
        {
            await using var rollback = new MySqlCommand("ROLLBACK", connection);
            await rollback.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception trouble)
            when (trouble is DbException or InvalidOperationException or IOException or SocketException)
        {
            await EndAsync(server, connection);
        }
    }

    private static async Task EndAsync(MySqlServer server, MySqlConnection connection)
    {
        await MySqlConnection.ClearPoolAsync(connection);
        try
        {
            await using var other = await server.OpenAsync(CancellationToken.None);
            await using var kill = new MySqlCommand($"KILL {connection.ServerThread}", other);
            await kill.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (DbException)
        {
            // The session has already ended, or the server will end it because it is idle in a transaction.
        }
    }
}
