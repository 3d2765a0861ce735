using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GopherFlow.Crash;

/// <summary>
/// Two private PostgreSQL servers on free ports: a primary, and a synchronous standby, which has every commit before it is acknowledged.
/// When the primary is killed, the standby is promoted, and the former primary is recreated as the new standby.
/// </summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private const string Everywhere = "/usr/lib/postgresql";
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private const string Wait = "ALTER SYSTEM SET synchronous_standby_names = '*'";

    private const string Reload = "SELECT pg_reload_conf()";

    private const string IsFollowed = """
        SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')
        """;

    private readonly DirectoryInfo folder;
    private readonly int[] ports = [ServerPrograms.FreePort(), ServerPrograms.FreePort()];
    private int primary;

    private PostgresPair(DirectoryInfo folder) => this.folder = folder;

    /// <summary>Whether the PostgreSQL server programs are installed.</summary>
    public static bool IsHere => Programs is not null;

    /// <summary>The connection string of both servers, for executors.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1:{ports[0]},127.0.0.1:{ports[1]};Username=gopher;Database=postgres;Target Session Attributes=read-write;Timeout=5";

    private static string? Programs =>
        Directory.Exists(Everywhere)
            ? Directory
                .EnumerateDirectories(Everywhere)
                .Select(version => $"{version}/bin")
                .FirstOrDefault(Directory.Exists)
            : null;

    public static async Task<PostgresPair> StartAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("gopherflow-pair-");
        var pair = new PostgresPair(folder);
        if (Environment.IsPrivilegedProcess)
        {
            await ServerPrograms.RunAsync("chown", ["postgres", folder.FullName], stop);
        }

        await pair.ServerAsync(
            "initdb",
            ["-D", pair.FolderOf(0), "-U", "gopher", "-A", "trust", "-E", "UTF8", "-N"],
            stop
        );
        await pair.StartAsync(0, stop);
        await pair.FollowAsync(stop);
        return pair;
    }

    /// <summary>Kills every process of the primary, as the loss of its machine would.</summary>
    public async Task KillAsync(CancellationToken stop)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(FolderOf(primary), "postmaster.pid"), stop);
        using var postmaster = Process.GetProcessById(int.Parse(lines[0], CultureInfo.InvariantCulture));
        await ServerPrograms.RunAsync("kill", ["-STOP", $"{postmaster.Id}"], stop);
        foreach (var child in ChildrenOf(postmaster.Id))
        {
            child.Kill();
            child.Dispose();
        }

        postmaster.Kill();
    }

    /// <summary>Promotes the standby after the primary was killed.</summary>
    public async Task PromoteAsync(CancellationToken stop)
    {
        primary = 1 - primary;
        await ServerAsync("pg_ctl", ["promote", "-w", "-D", FolderOf(primary)], stop);
    }

    /// <summary>Recreates the other server as a copy of the primary, which from then on waits for it with every commit.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        var follower = 1 - primary;
        await ServerPrograms.RunAsync("rm", ["-rf", FolderOf(follower)], stop);
        await ServerAsync(
            "pg_basebackup",
            [
                "-h",
                "127.0.0.1",
                "-p",
                $"{ports[primary]}",
                "-U",
                "gopher",
                "-D",
                FolderOf(follower),
                "-R",
                "-c",
                "fast",
                "-N",
            ],
            stop
        );
        // The copy includes the setting to wait for a standby, which would block commits after a promotion.
        var copied = Path.Combine(FolderOf(follower), "postgresql.auto.conf");
        await ServerPrograms.RunAsync("sed", ["-i", "/synchronous_standby_names/d", copied], stop);
        await StartAsync(follower, stop);
        await AskAsync(Wait, stop);
        await AskAsync(Reload, stop);
        var deadline = DateTimeOffset.UtcNow + WaitTimeout;
        while (await AskAsync(IsFollowed, stop) is not true)
        {
            if (DateTimeOffset.UtcNow > deadline)
            {
                throw new TimeoutException($"The standby did not follow the primary within {WaitTimeout}.");
            }

            await Task.Delay(50, stop);
        }
    }

    /// <summary>Runs a query on the primary.</summary>
    public async Task<object?> AskAsync(string question, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={ports[primary]};Username=gopher;Database=postgres;Pooling=false"
        );
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        for (var number = 0; number < ports.Length; number++)
        {
            if (File.Exists(Path.Combine(FolderOf(number), "postmaster.pid")))
            {
                await ServerAsync("pg_ctl", ["stop", "-m", "immediate", "-w", "-D", FolderOf(number)], default);
            }
        }

        await ServerPrograms.RunAsync("rm", ["-rf", folder.FullName], default);
    }

    private Task StartAsync(int number, CancellationToken stop) =>
        ServerAsync(
            "pg_ctl",
            [
                "start",
                "-w",
                "-D",
                FolderOf(number),
                "-l",
                Path.Combine(folder.FullName, $"log-{number}"),
                "-o",
                $"-p {ports[number]} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=300",
            ],
            stop
        );

    private string FolderOf(int number) => Path.Combine(folder.FullName, $"server-{number}");

    private static IEnumerable<Process> ChildrenOf(int parent)
    {
        foreach (var process in Process.GetProcesses())
        {
            if (ParentOf(process.Id) == parent)
            {
                yield return process;
            }
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            // The name in parentheses may contain spaces.
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Runs a program of the server, which refuses to run as root.</summary>
    private Task ServerAsync(string program, string[] arguments, CancellationToken stop) =>
        Environment.IsPrivilegedProcess
            ? ServerPrograms.RunAsync(
                "runuser",
                ["-u", "postgres", "--", $"{Programs}/{program}", .. arguments],
                stop,
                folder.FullName
            )
            : ServerPrograms.RunAsync($"{Programs}/{program}", arguments, stop, folder.FullName);
}
