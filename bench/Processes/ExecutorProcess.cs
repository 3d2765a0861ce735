using System.Diagnostics;
using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Processes;

/// <summary>
/// An executor in its own process. It shuts down gracefully when its standard input closes, so it never outlives this process.
/// </summary>
internal sealed class ExecutorProcess : IDisposable
{
    private readonly Process process;

    private ExecutorProcess(Process process) => this.process = process;

    /// <summary>The CPU time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts an executor on an existing database, and waits until it is ready.</summary>
    public static async Task<ExecutorProcess> StartAsync(string program, string database, BenchOptions options)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", typeof(ExecutorProcess).Assembly.Location, program, database, .. options.Arguments]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var executor = new ExecutorProcess(Process.Start(start)!);
        await executor.WaitForLineAsync(line => line == ExecutorProgram.Ready ? line : null);
        return executor;
    }

    /// <summary>Shuts it down gracefully.</summary>
    /// <returns>Its counters.</returns>
    public async Task<ProcessTally> StopAsync()
    {
        process.StandardInput.Close();
        var tally = await WaitForLineAsync(ProcessTally.OfLine);
        await process.WaitForExitAsync();
        return tally;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    /// <summary>Waits for a line that can be parsed. All other lines are the executor's log.</summary>
    private async Task<T> WaitForLineAsync<T>(Func<string, T?> parse)
        where T : class
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (parse(line) is { } parsed)
            {
                return parsed;
            }

            Console.Error.WriteLine(line);
        }

        throw new BenchException("An executor process ended unexpectedly. Its log is above.");
    }
}
