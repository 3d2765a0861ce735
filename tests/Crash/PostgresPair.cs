using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GopherFlow.Crash;

/// <summary>
/// Two PostgreSQL servers of this run's own, on free ports: one that is written to, and one that follows it and has every commit
/// before it is acknowledged. When the first is killed, the second takes its place; then the first is made anew to follow.
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

    /// <summary>Whether the programs of a server are installed.</summary>
    public static bool IsHere => Programs is not null;

    /// <summary>Both servers, as an executor is given them.</summary>
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

    /// <summary>Ends every process of the server that is written to, as the loss of its machine does.</summary>
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

    /// <summary>The other takes the place of the one that was killed.</summary>
    public async Task PromoteAsync(CancellationToken stop)
    {
        primary = 1 - primary;
        await ServerAsync("pg_ctl", ["promote", "-w", "-D", FolderOf(primary)], stop);
    }

    /// <summary>The one that is not written to begins anew as a copy of the other, which from then on waits for it with every commit.</summary>
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
        // It has copied the setting to wait for a follower, and would do so as soon as it was promoted.
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
                throw new TimeoutException($"The second server does not follow the first within {WaitTimeout}.");
            }

            await Task.Delay(50, stop);
        }
    }

    /// <summary>Asks the server that is written to.</summary>
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
            // The name, in brackets, may have spaces.
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>A server does not run as root.</summary>
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
