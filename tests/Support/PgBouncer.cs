using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace GopherFlow.TestSupport;

/// <summary>A PgBouncer in front of a PostgreSQL server, on a free port, for every role of the server.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder;
    private readonly Process process;

    private PgBouncer(DirectoryInfo folder, Process process, int port) =>
        (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>The port on the loopback address.</summary>
    public int Port { get; }

    /// <summary>Whether PgBouncer is installed. Always true with CI=true, so that tests fail there if it is missing.</summary>
    public static bool IsHere => File.Exists(Program) || Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Starts a PgBouncer and waits until it accepts connections.</summary>
    /// <param name="connectionString">The server and its administrator.</param>
    /// <param name="mode">The pool mode: session or transaction.</param>
    /// <param name="stop">Cancels the start.</param>
    /// <param name="more">Additional lines of its configuration.</param>
    public static async Task<PgBouncer> StartAsync(
        string connectionString,
        string mode,
        CancellationToken stop,
        params string[] more
    )
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var folder = Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), $"gopherflow-pgbouncer-{Guid.NewGuid():N}")
        );
        var port = FreePort();
        var users = Path.Combine(folder.FullName, "users.txt");
        await File.WriteAllTextAsync(users, $"\"{server.Username}\" \"{server.Password}\"\n", stop);
        var settings = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host={server.Host} port={server.Port}

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            auth_user = {server.Username}
            pool_mode = {mode}
            max_client_conn = 1000
            default_pool_size = 60
            server_idle_timeout = 2
            {string.Join(Environment.NewLine, more)}
            """,
            stop
        );
        // PgBouncer refuses to run as root.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "postgres"] : [];
        var process = Process.Start(
            new ProcessStartInfo(Program, [.. user, "-q", settings]) { RedirectStandardError = true }
        )!;
        process.BeginErrorReadLine();
        var bouncer = new PgBouncer(folder, process, port);
        await bouncer.UntilItAnswersAsync(stop);
        return bouncer;
    }

    /// <summary>Kills the process at once.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }

    private async Task UntilItAnswersAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Yield();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
