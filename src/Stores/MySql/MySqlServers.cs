using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// The servers in a connection string, which have the same data. Each new connection goes to the first usable server in the given order, so
/// that a process does not use several servers unnecessarily: in a Galera cluster this would cause conflicts.
/// </summary>
internal sealed class MySqlServers : IAsyncDisposable
{
    /// <summary>The connection timeout if there are several servers, short enough to try the next one before callers time out.</summary>
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

    /// <summary>Whether the servers are known to form a Galera cluster. This is detected with the first connection.</summary>
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

    /// <summary>Opens a connection synchronously.</summary>
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
