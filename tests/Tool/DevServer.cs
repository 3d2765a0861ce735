using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GopherFlow.Tool.Tests;

/// <summary>Runs <c>gopherflow dev</c> in a folder. Started means listening with the first script deployed.</summary>
internal sealed class DevServer : IAsyncDisposable
{
    private static readonly string[] Ready = ["is deployed", "Now listening on"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly List<string> missing = [.. Ready];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevServer(string folder)
    {
        var port = FreePort();
        Url = $"http://localhost:{port}";
        process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                ["exec", Tool.Program, "dev", "--port", port.ToString(CultureInfo.InvariantCulture)]
            )
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            },
        };
        process.OutputDataReceived += (_, line) =>
        {
            missing.RemoveAll(text => line.Data?.Contains(text, StringComparison.Ordinal) == true);
            if (missing.Count == 0)
            {
                ready.TrySetResult();
            }
        };
        process.Start();
        process.BeginOutputReadLine();
    }

    public string Url { get; }

    public static async Task<DevServer> StartAsync(string folder)
    {
        var server = new DevServer(folder);
        try
        {
            await server.ready.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
