using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace GopherFlow.Crash;

/// <summary>Runs the programs of database servers.</summary>
internal static class ServerPrograms
{
    /// <summary>Starts a program without its output: a server would keep a pipe open as long as it runs.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null) =>
        Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > /dev/null 2>&1", "sh", program, .. arguments])
            {
                WorkingDirectory = folder ?? Path.GetTempPath(),
            }
        )!;

    /// <summary>Runs a program and waits for its end.</summary>
    public static async Task RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken stop,
        string? folder = null
    )
    {
        using var process = Start(program, arguments, folder);
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
        }
    }

    /// <summary>A port that is free on every loopback address.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
