using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace GopherFlow.Demo.Tests;

/// <summary>Hears the events of a fleet at one server after the other, and continues at the next one from the last event that it has heard.</summary>
internal sealed class FleetListener(Fleet fleet)
{
    private readonly Lock gate = new();
    private readonly HashSet<long> heard = [];
    private readonly Channel<bool> news = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? lastId;

    /// <summary>How many streams it has had.</summary>
    public int Connections { get; private set; }

    /// <summary>How often it was told that events may be missing.</summary>
    public int Gaps { get; private set; }

    /// <summary>Waits until the server has told what the first listener of all has missed, so that from now on everything is told.</summary>
    public Task HasBegunAsync(CancellationToken cancellation) => begun.Task.WaitAsync(cancellation);

    /// <summary>Waits until each of these workflows was told, or found when a gap was told.</summary>
    public async Task HearsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        while (!HasHeard(ids))
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
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                // The server has gone; the next one is asked.
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

        using var answer = await server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!answer.IsSuccessStatusCode)
        {
            return;
        }

        Connections++;
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
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
                    Hear([JsonSerializer.Deserialize<JsonElement>(data).GetProperty("id").GetInt64()]);
                    break;
                case ["data", _] when kind == "resync":
                    Gaps++;
                    Hear(await ReadAllAsync(server, stop));
                    begun.TrySetResult();
                    break;
            }
        }
    }

    /// <summary>What a client does after a gap: it reads everything anew.</summary>
    private static async Task<List<long>> ReadAllAsync(HttpClient server, CancellationToken stop)
    {
        var found = new List<long>();
        string? cursor = null;
        do
        {
            using var answer = await server.PostAsJsonAsync("api/workflows/search", new { limit = 1000, cursor }, stop);
            answer.EnsureSuccessStatusCode();
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            found.AddRange(
                page.GetProperty("workflows").EnumerateArray().Select(workflow => workflow.GetProperty("id").GetInt64())
            );
            cursor = page.GetProperty("next").GetString();
        } while (cursor is not null);

        return found;
    }

    private void Hear(IEnumerable<long> ids)
    {
        lock (gate)
        {
            heard.UnionWith(ids);
        }

        news.Writer.TryWrite(true);
    }

    private bool HasHeard(IReadOnlyCollection<long> ids)
    {
        lock (gate)
        {
            return ids.All(heard.Contains);
        }
    }
}
