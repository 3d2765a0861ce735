using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// The servers that a connection string names. They hold the same, and each new connection goes to the first in its order that can be
/// used, so that a process does not work on several without need: in a Galera cluster they would be in each other's way.
/// </summary>
internal sealed class MySqlServers : IAsyncDisposable
{
    /// <summary>How long to wait for one of several servers before the next is tried, so that no caller times out first.</summary>
    private const uint MostConnectSeconds = 3;

    private readonly MySqlServer[] servers;

    public MySqlServers(MySqlConnectionStringBuilder settings)
    {
        var hosts = settings.Server.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (hosts.Length < 2)
        {
            servers = [new MySqlServer(settings.ConnectionString)];
            return;
        }

        settings.ConnectionTimeout = Math.Min(settings.ConnectionTimeout, MostConnectSeconds);
        servers =
        [
            .. hosts.Select(host => new MySqlServer(
                new MySqlConnectionStringBuilder(settings.ConnectionString) { Server = host }.ConnectionString
            )),
        ];
    }

    /// <summary>Whether they form a Galera cluster, as far as is known: the first connection to one tells.</summary>
    public bool IsCluster => servers.Any(server => server.IsInCluster);

    /// <summary>Opens a connection.</summary>
    public async Task<(MySqlServer Server, MySqlConnection Connection)> OpenAsync(CancellationToken cancellation)
    {
        var left = servers.Length;
        foreach (var server in InOrder())
        {
            left--;
            try
            {
                return (server, await server.OpenAsync(cancellation));
            }
            catch (Exception trouble) when (left > 0 && MySqlDriver.IsTransient(trouble))
            {
                await server.AvoidAsync();
            }
        }

        throw new InvalidOperationException("No server is named.");
    }

    /// <summary>Opens a connection without giving the thread away.</summary>
    public MySqlConnection Open()
    {
        var left = servers.Length;
        foreach (var server in InOrder())
        {
            left--;
            try
            {
                return server.Open();
            }
            catch (Exception trouble) when (left > 0 && MySqlDriver.IsTransient(trouble))
            {
                server.Avoid();
            }
        }

        throw new InvalidOperationException("No server is named.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    private IEnumerable<MySqlServer> InOrder() =>
        servers.Length == 1 ? servers : servers.OrderBy(server => server.IsAvoided);
}
