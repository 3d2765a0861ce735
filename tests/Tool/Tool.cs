using System.Diagnostics;

namespace GopherFlow.Tool.Tests;

/// <summary>Runs the command line tool in a separate process.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The tool, which is built together with the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "gopherflow.dll");

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunWithAsync(new Dictionary<string, string?>(), arguments);

    /// <summary>Runs a command to its end with changed environment variables. A null value removes a variable.</summary>
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
