using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.EndToEnd.Tests.Measured;

/// <summary>
/// Replaces the server's event stream and sends synthetic changes at a steady rate. Of four changes, one is a new workflow, one is its end,
/// and two are steps of workflows that the page knows.
/// </summary>
internal sealed class SyntheticEventServer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly HttpListener listener = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly IReadOnlyList<JsonElement> workflows;
    private readonly IReadOnlyList<string> states;
    private readonly int rate;
    private readonly Task serving;
    private long sent;

    public SyntheticEventServer(IReadOnlyList<JsonElement> workflows, IReadOnlyList<string> states, int rate)
    {
        this.workflows = workflows;
        this.states = states;
        this.rate = rate;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        listener.Close();
        stopping.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        var streams = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                streams.Add(StreamAsync((await listener.GetContextAsync()).Response));
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(streams);
    }

    private async Task StreamAsync(HttpListenerResponse response)
    {
        response.ContentType = "text/event-stream";
        response.SendChunked = true;
        var begun = Stopwatch.GetTimestamp();
        var first = sent;
        var text = new StringBuilder("event: hello\ndata: {\"version\":\"measured\"}\n\n");
        try
        {
            while (true)
            {
                await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), stopping.Token);
                await response.OutputStream.FlushAsync(stopping.Token);
                await Task.Delay(Pause, stopping.Token);
                text.Clear();
                var due = first + (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * rate);
                for (; sent < due; sent++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"event: workflow\nid: {sent}\ndata: {Change(sent)}\n\n");
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or HttpListenerException or IOException)
        {
            response.Abort();
        }
    }

    private string Change(long number)
    {
        var known = workflows[(int)(number % workflows.Count)];
        var step = (int)(number % (states.Count - 1));
        var (id, status, from, state) = (number % 4) switch
        {
            0 => (10_000_000 + number, "NEW", null, states[0]),
            1 => (10_000_000 + number - 1, "FINISHED", states[0], states[^1]),
            _ => (known.GetProperty("id").GetInt64(), "IN_PROGRESS", states[step], states[step + 1]),
        };
        return new JsonObject
        {
            ["id"] = id,
            ["workflowType"] = known.GetProperty("workflowType").GetString(),
            ["version"] = known.GetProperty("version").GetString(),
            ["status"] = status,
            ["state"] = state,
            ["previousState"] = from,
            ["parentWorkflowId"] = null,
            ["revision"] = 1_000_000 + number,
            ["executionCount"] = 1,
            ["retryCount"] = 0,
            ["openChildren"] = 0,
            ["executorId"] = 1,
            ["modified"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["nextActivation"] = null,
        }.ToJsonString();
    }
}
