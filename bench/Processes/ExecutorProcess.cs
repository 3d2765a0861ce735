using System.Diagnostics;
using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Processes;

/// <summary>An executor in a process of its own. It ends in order when its input does, so it never outlives this one.</summary>
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

    /// <summary>Starts one over a database that is there, and waits until it is ready.</summary>
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
        await executor.HearAsync(line => line == ExecutorProgram.Ready ? line : null);
        return executor;
    }

    /// <summary>Ends it in order.</summary>
    /// <returns>What it has counted.</returns>
    public async Task<ProcessTally> StopAsync()
    {
        process.StandardInput.Close();
        var tally = await HearAsync(ProcessTally.OfLine);
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

    /// <summary>Waits for a line; others are the executor's log.</summary>
    private async Task<T> HearAsync<T>(Func<string, T?> understand)
        where T : class
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (understand(line) is { } understood)
            {
                return understood;
            }

            Console.Error.WriteLine(line);
        }

        throw new BenchException("An executor process ended although nobody had asked it to; its log is above.");
    }
}
