using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace GopherFlow.Demo.Tests;

/// <summary>The demo application as a process of its own, in an empty folder, on a free port of the loopback address.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();

    private readonly Channel<string> unread = Channel.CreateUnbounded<string>();

    private DemoProcess(IReadOnlyList<string> program, string folder, IReadOnlyDictionary<string, string> settings)
    {
        process = new Process { StartInfo = StartInfoFor(program, folder, settings) };
        process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything it printed to standard output so far.</summary>
    public string Output => string.Join(Environment.NewLine, output);

    /// <summary>Everything it printed to standard error so far.</summary>
    public string Errors => string.Join(Environment.NewLine, errors);

    /// <summary>Starts it in the Development environment.</summary>
    public static DemoProcess Start(string folder, IReadOnlyDictionary<string, string> settings) =>
        new([ProgramPath()], folder, settings);

    /// <summary>Starts another program that lies beside the tests and has what they have.</summary>
    public static DemoProcess StartBeside(string program, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var tests = Path.ChangeExtension(typeof(DemoProcess).Assembly.Location, null);
        return new(
            ["--runtimeconfig", $"{tests}.runtimeconfig.json", "--depsfile", $"{tests}.deps.json", program],
            folder,
            settings
        );
    }

    /// <summary>Waits until it has printed a text to standard output.</summary>
    public async Task SaysAsync(string text, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        while (!(await unread.Reader.ReadAsync(limit.Token)).Contains(text, StringComparison.Ordinal)) { }
    }

    /// <summary>Waits until it says where it listens.</summary>
    public async Task<Uri> ListeningAsync(CancellationToken cancellation)
    {
        var ended = process.WaitForExitAsync(cancellation);
        var first = await Task.WhenAny(address.Task, ended).WaitAsync(Limit, cancellation);
        return first == address.Task
            ? await address.Task
            : throw new InvalidOperationException($"The demo ended with {process.ExitCode}.\n{Output}\n{Errors}");
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).WaitAsync(Limit, cancellation);
        return process.ExitCode;
    }

    /// <summary>Asks it to stop, as a service manager would, and waits until it has.</summary>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync(cancellation);
        return await ExitCodeAsync(cancellation);
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public void Kill() => process.Kill();

    /// <summary>Ends it, and leaves what it printed to the report of the test.</summary>
    public async ValueTask DisposeAsync()
    {
        var ending = process.HasExited ? $"ended with {process.ExitCode}" : "ran until the end of the test";
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine($"The demo {ending}.\n{Output}\n{Errors}");
    }

    private static ProcessStartInfo StartInfoFor(
        IReadOnlyList<string> program,
        string folder,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var start = new ProcessStartInfo("dotnet", ["exec", .. program])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var inherited in start.Environment.Keys.Where(name => name.StartsWith("GFLOW_", StringComparison.Ordinal))
        )
        {
            start.Environment[inherited] = null;
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["HTTP_ADDR"] = "127.0.0.1:0";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Built by the same build as the tests, so in the folder of the same configuration.</summary>
    private static string ProgramPath()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine("samples/Demo/bin", framework.Parent!.Name, framework.Name);
        return Repository.PathOf(Path.Combine(folder, "GopherFlow.Demo.dll"));
    }

    private void OnOutput(string? line)
    {
        Keep(output, line);
        if (line is not null)
        {
            unread.Writer.TryWrite(line);
        }

        var position = line?.IndexOf(Listening, StringComparison.Ordinal) ?? -1;
        if (position >= 0)
        {
            address.TrySetResult(new Uri(line![(position + Listening.Length)..].Trim()));
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
