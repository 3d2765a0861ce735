using System.Diagnostics;

namespace GopherFlow.Tool.Tests;

/// <summary>The command line as a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Built by the same build as the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "gopherflow.dll");

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunWithAsync(new Dictionary<string, string?>(), arguments);

    /// <summary>Runs a command to its end, with other variables of the environment; null takes one away.</summary>
    public static async Task<(int Code, string Output, string Error)> RunWithAsync(
        IReadOnlyDictionary<string, string?> environment,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop.Token);
            var error = process.StandardError.ReadToEndAsync(stop.Token);
            await process.WaitForExitAsync(stop.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
