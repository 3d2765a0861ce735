using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace GopherFlow.Demo.Tests;

/// <summary>The demo application in a separate process, in the given folder, on a free loopback port.</summary>
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
        process.ErrorDataReceived += (_, line) => Add(errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Standard output so far.</summary>
    public string Output => string.Join(Environment.NewLine, output);

    /// <summary>Standard error so far.</summary>
    public string Errors => string.Join(Environment.NewLine, errors);

    /// <summary>Starts the demo in the Development environment.</summary>
    public static DemoProcess Start(string folder, IReadOnlyDictionary<string, string> settings) =>
        new([ProgramPath()], folder, settings);

    /// <summary>Starts another program from the folder of the tests, with the dependencies of the tests.</summary>
    public static DemoProcess StartBeside(string program, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var tests = Path.ChangeExtension(typeof(DemoProcess).Assembly.Location, null);
        return new(
            ["--runtimeconfig", $"{tests}.runtimeconfig.json", "--depsfile", $"{tests}.deps.json", program],
            folder,
            settings
        );
    }

    /// <summary>Waits until a line of standard output contains the text.</summary>
    public async Task PrintsAsync(string text, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        while (!(await unread.Reader.ReadAsync(limit.Token)).Contains(text, StringComparison.Ordinal)) { }
    }

    /// <summary>Waits until the process has logged its address.</summary>
    public async Task<Uri> ListeningAsync(CancellationToken cancellation)
    {
        var ended = process.WaitForExitAsync(cancellation);
        var first = await Task.WhenAny(address.Task, ended).WaitAsync(Limit, cancellation);
        return first == address.Task
            ? await address.Task
            : throw new InvalidOperationException($"The demo ended with {process.ExitCode}.\n{Output}\n{Errors}");
    }

    /// <summary>Waits until the process has exited by itself.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).WaitAsync(Limit, cancellation);
        return process.ExitCode;
    }

    /// <summary>Sends SIGTERM, as a service manager does, and waits for the exit.</summary>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync(cancellation);
        return await ExitCodeAsync(cancellation);
    }

    /// <summary>Kills the process like kill -9.</summary>
    public void Kill() => process.Kill();

    /// <summary>Kills the process if it still runs and writes its output to the test output.</summary>
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

    /// <summary>The demo is built together with the tests, so it is in the folder of the same configuration and framework.</summary>
    private static string ProgramPath()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine("samples/Demo/bin", framework.Parent!.Name, framework.Name);
        return Repository.PathOf(Path.Combine(folder, "GopherFlow.Demo.dll"));
    }

    private void OnOutput(string? line)
    {
        Add(output, line);
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

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
