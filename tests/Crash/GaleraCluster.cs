using System.Diagnostics;
using MySqlConnector;

namespace GopherFlow.Crash;

/// <summary>
/// A Galera cluster of three private MariaDB servers. Each has its own loopback address, because a connection string with several
/// servers has only one port. Any of them accepts writes; one that is down or cut off is outvoted by the other two.
/// </summary>
internal sealed class GaleraCluster : IAsyncDisposable
{
    private const string Server = "/usr/sbin/mariadbd";
    private const string Provider = "/usr/lib/galera/libgalera_smm.so";
    private static readonly string[] MemberFiles = ["grastate.dat", "gvwstate.dat", "galera.cache"];
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder;
    private readonly int port = ServerPrograms.FreePort();
    private readonly int groupPort = ServerPrograms.FreePort();
    private readonly int transferPort = ServerPrograms.FreePort();
    private readonly int copyPort = ServerPrograms.FreePort();
    private readonly Process?[] servers = new Process?[3];

    private GaleraCluster(DirectoryInfo folder) => this.folder = folder;

    /// <summary>Whether the programs are installed.</summary>
    public static bool IsHere => File.Exists(Server) && File.Exists(Provider) && OperatingSystem.IsLinux();

    /// <summary>Starts the cluster with an empty database, and waits until all three servers have joined.</summary>
    public static async Task<GaleraCluster> StartAsync(CancellationToken stop)
    {
        var cluster = new GaleraCluster(Directory.CreateTempSubdirectory("gopherflow-galera-"));
        try
        {
            await cluster.BeginAsync(stop);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string of some of the servers, for executors. The first available server is used.</summary>
    public string ConnectionString(params int[] numbers) =>
        $"Server={string.Join(',', numbers.Select(AddressOf))};Port={port};User ID=gopher;Password=gopher;Database=flow;SslMode=none;CharSet=utf8mb4";

    /// <summary>Kills a server by kill -9.</summary>
    public async Task KillAsync(int number)
    {
        servers[number]!.Kill();
        await servers[number]!.WaitForExitAsync();
    }

    /// <summary>
    /// Starts a killed server, as its service does: it first recovers its own position, and then only requests what it missed.
    /// </summary>
    public async Task ReturnAsync(int number, CancellationToken stop)
    {
        Start(number, isFirst: false, ["--wsrep-start-position", await PositionAsync(number, stop)]);
        await SyncedAsync(number, stop);
    }

    /// <summary>Isolates a server from the other servers, but not from its clients.</summary>
    public Task CutOffAsync(int number, CancellationToken stop) =>
        RunAsync(number, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'", stop);

    /// <summary>Reconnects a server, and waits until it has caught up.</summary>
    public async Task ReconnectAsync(int number, CancellationToken stop)
    {
        await RunAsync(number, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'", stop);
        await SyncedAsync(number, stop);
    }

    /// <summary>Runs a query on one of the servers.</summary>
    public async Task<object?> AskAsync(int number, string question, CancellationToken stop)
    {
        await using var connection = new MySqlConnection(Administrator(number));
        await connection.OpenAsync(stop);
        await using var command = new MySqlCommand(question, connection);
        return await command.ExecuteScalarAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers.OfType<Process>())
        {
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }

        await ServerPrograms.RunAsync("rm", ["-rf", folder.FullName], default);
    }

    private async Task BeginAsync(CancellationToken stop)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await ServerPrograms.RunAsync("chown", ["mysql", folder.FullName], stop);
        }

        await ServerPrograms.RunAsync(
            "mariadb-install-db",
            [
                "--no-defaults",
                $"--datadir={FolderOf(0)}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                .. User,
            ],
            stop,
            folder.FullName
        );
        Start(0, isFirst: true);
        await SyncedAsync(0, stop);
        await RunAsync(0, "CREATE USER gopher@'%' IDENTIFIED BY 'gopher'; GRANT ALL ON flow.* TO gopher@'%'", stop);
        await RunAsync(0, "CREATE DATABASE flow", stop);
        for (var number = 1; number < servers.Length; number++)
        {
            await ServerPrograms.RunAsync("cp", ["-a", FolderOf(0), FolderOf(number)], stop);
            // These files identify the first server. A server that finds them considers itself the first.
            await ServerPrograms.RunAsync("rm", ["-f", .. Identity(number)], stop);
            Start(number, isFirst: false);
            await SyncedAsync(number, stop);
        }
    }

    private IEnumerable<string> Identity(int number) =>
        MemberFiles.Select(name => Path.Combine(FolderOf(number), name));

    private void Start(int number, bool isFirst, params IEnumerable<string> more)
    {
        servers[number]?.Dispose();
        servers[number] = ServerPrograms.Start(
            Server,
            [.. Arguments(number, isFirst), $"--log-error={LogOf(number)}", .. more],
            folder.FullName
        );
    }

    private async Task<string> PositionAsync(int number, CancellationToken stop)
    {
        const string Recovered = "WSREP: Recovered position: ";
        var log = Path.Combine(folder.FullName, "recovery.err");
        File.Delete(log);
        using var recovery = ServerPrograms.Start(
            Server,
            [.. Arguments(number, isFirst: false), "--wsrep-recover", $"--log-error={log}"],
            folder.FullName
        );
        await recovery.WaitForExitAsync(stop);
        var lines = await File.ReadAllLinesAsync(log, stop);
        return lines.Last(line => line.Contains(Recovered, StringComparison.Ordinal)).Split(Recovered)[1];
    }

    private string[] Arguments(int number, bool isFirst)
    {
        var members = Enumerable.Range(0, servers.Length).Select(each => $"{AddressOf(each)}:{groupPort}");
        return
        [
            "--no-defaults",
            $"--datadir={FolderOf(number)}",
            $"--bind-address={AddressOf(number)}",
            $"--port={port}",
            $"--socket={SocketOf(number)}",
            $"--pid-file={Path.Combine(folder.FullName, $"pid-{number}")}",
            "--max-connections=300",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-autoinc-lock-mode=2",
            "--binlog-format=ROW",
            "--wsrep-on=ON",
            $"--wsrep-provider={Provider}",
            "--wsrep-cluster-name=gopherflow",
            $"--wsrep-node-name=node-{number}",
            $"--wsrep-node-address={AddressOf(number)}",
            "--wsrep-sst-method=rsync",
            $"--wsrep-sst-receive-address={AddressOf(number)}:{copyPort}",
            $"--wsrep-provider-options=gmcast.listen_addr=tcp://{AddressOf(number)}:{groupPort};ist.recv_addr={AddressOf(number)}:{transferPort}",
            $"--wsrep-cluster-address=gcomm://{(isFirst ? "" : string.Join(',', members))}",
            .. User,
        ];
    }

    private async Task SyncedAsync(int number, CancellationToken stop)
    {
        var deadline = DateTimeOffset.UtcNow + WaitTimeout;
        while (!await IsSyncedAsync(number, stop))
        {
            if (DateTimeOffset.UtcNow > deadline || servers[number]!.HasExited)
            {
                throw new TimeoutException(
                    $"Server {number} has not joined the cluster within {WaitTimeout}; its last output: "
                        + string.Join(" | ", (await File.ReadAllLinesAsync(LogOf(number), stop)).TakeLast(30))
                );
            }

            await Task.Delay(50, stop);
        }
    }

    private async Task<bool> IsSyncedAsync(int number, CancellationToken stop)
    {
        try
        {
            return await AskAsync(
                number,
                """
                SELECT group_concat(variable_value ORDER BY variable_name)
                  FROM information_schema.global_status
                 WHERE variable_name IN ('WSREP_LOCAL_STATE_COMMENT', 'WSREP_READY', 'WSREP_CLUSTER_STATUS')
                """,
                stop
            )
                is "Primary,Synced,ON";
        }
        catch (MySqlException)
        {
            return false;
        }
    }

    private async Task RunAsync(int number, string statement, CancellationToken stop)
    {
        await using var connection = new MySqlConnection(Administrator(number));
        await connection.OpenAsync(stop);
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    private string FolderOf(int number) => Path.Combine(folder.FullName, $"server-{number}");

    private string SocketOf(int number) => Path.Combine(folder.FullName, $"socket-{number}");

    private string LogOf(int number) => Path.Combine(folder.FullName, $"log-{number}.err");

    private string Administrator(int number) =>
        $"Server={SocketOf(number)};Protocol=unix;User ID=root;Pooling=false;SslMode=none;Connection Timeout=5;Allow User Variables=true";

    private static string AddressOf(int number) => $"127.0.0.{1 + number}";

    /// <summary>The server refuses to run as root.</summary>
    private static string[] User => Environment.IsPrivilegedProcess ? ["--user=mysql"] : [];
}
