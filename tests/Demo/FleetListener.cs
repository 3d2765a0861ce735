using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace GopherFlow.Demo.Tests;

/// <summary>Listens to the events of a fleet. When a server stops, it resumes at the next one after the last received event.</summary>
internal sealed class FleetListener(Fleet fleet)
{
    private readonly Lock gate = new();
    private readonly HashSet<long> received = [];
    private readonly Channel<bool> news = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? lastId;

    /// <summary>The number of streams opened.</summary>
    public int Connections { get; private set; }

    /// <summary>The number of resync events, which mean that events may be missing.</summary>
    public int Gaps { get; private set; }

    /// <summary>Waits for the first resync, which covers what happened before the stream. From then on every change is an event.</summary>
    public Task HasBegunAsync(CancellationToken cancellation) => begun.Task.WaitAsync(cancellation);

    /// <summary>Waits until each workflow was received as an event or found by a search after a gap.</summary>
    public async Task ReceivesAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        while (!HasReceived(ids))
        {
            await news.Reader.ReadAsync(cancellation);
        }
    }

    /// <summary>Listens until it is stopped.</summary>
    public async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(fleet.Next(), stop);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                // The server has stopped; continue with the next one.
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(HttpClient server, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/events", UriKind.Relative));
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using var response = await server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        Connections++;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        var kind = "";
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["id", var id]:
                    lastId = id;
                    break;
                case ["event", var name]:
                    kind = name;
                    break;
                case ["data", var data] when kind == "workflow":
                    Add([JsonSerializer.Deserialize<JsonElement>(data).GetProperty("id").GetInt64()]);
                    break;
                case ["data", _] when kind == "resync":
                    Gaps++;
                    Add(await ReadAllAsync(server, stop));
                    begun.TrySetResult();
                    break;
            }
        }
    }

    /// <summary>Reads all workflows again, as a client does after a gap.</summary>
    private static async Task<List<long>> ReadAllAsync(HttpClient server, CancellationToken stop)
    {
        var found = new List<long>();
        string? cursor = null;
        do
        {
            using var reply = await server.PostAsJsonAsync("api/workflows/search", new { limit = 1000, cursor }, stop);
            reply.EnsureSuccessStatusCode();
            var page = await reply.Content.ReadFromJsonAsync<JsonElement>(stop);
            found.AddRange(
                page.GetProperty("workflows").EnumerateArray().Select(workflow => workflow.GetProperty("id").GetInt64())
            );
            cursor = page.GetProperty("next").GetString();
        } while (cursor is not null);

        return found;
    }

    private void Add(IEnumerable<long> ids)
    {
        lock (gate)
        {
            received.UnionWith(ids);
        }

        news.Writer.TryWrite(true);
    }

    private bool HasReceived(IReadOnlyCollection<long> ids)
    {
        lock (gate)
        {
            return ids.All(received.Contains);
        }
    }
}
