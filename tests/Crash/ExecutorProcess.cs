using System.Collections.Concurrent;
using System.Diagnostics;

namespace GopherFlow.Crash;

/// <summary>An executor in its own process, and the signals that can be sent to it.</summary>
internal sealed class ExecutorProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = [];

    private ExecutorProcess(Process process, string name)
    {
        this.process = process;
        Name = name;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The name of the executor in the database.</summary>
    public string Name { get; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>All lines that it has printed.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public static ExecutorProcess Start(string name, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ExecutorProcess).Assembly.Location, "executor"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (setting, value) in settings)
        {
            start.Environment[setting] = value;
        }

        start.Environment["EXECUTOR_NAME"] = name;
        return new ExecutorProcess(Process.Start(start)!, name);
    }

    /// <summary>Releases a step that waits for a line on standard input.</summary>
    public void GoOn() => process.StandardInput.WriteLine();

    /// <summary>kill -9: the process ends at once.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Stalls the process by SIGSTOP, which it cannot notice.</summary>
    public Task StallAsync() => SignalAsync("STOP");

    /// <summary>Continues a stalled process.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>
    /// SIGTERM: a graceful shutdown. Waits for the first line of output before, because a program that has just started does not handle
    /// signals yet.
    /// </summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (lines.IsEmpty && !process.HasExited)
        {
            await timer.WaitForNextTickAsync();
        }

        await SignalAsync("TERM");
        await process.WaitForExitAsync();
        return process.ExitCode;
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

    private async Task SignalAsync(string signal)
    {
        if (process.HasExited)
        {
            return;
        }

        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
