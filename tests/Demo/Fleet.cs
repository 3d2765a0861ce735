using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.Demo.Tests;

/// <summary>Servers over one database, with a client that tries the next server when one does not answer.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly string folder;
    private readonly Dictionary<string, string> settings;
    private readonly DemoProcess[] processes;
    private readonly HttpClient?[] clients;
    private readonly SemaphoreSlim answers = new(0);
    private int turn;

    private Fleet(int count, string folder, Dictionary<string, string> settings)
    {
        this.folder = folder;
        this.settings = settings;
        processes = new DemoProcess[count];
        clients = new HttpClient?[count];
    }

    public static async Task<Fleet> StartAsync(
        int count,
        string folder,
        Dictionary<string, string> settings,
        CancellationToken cancellation
    )
    {
        var fleet = new Fleet(count, folder, settings);
        for (var server = 0; server < count; server++)
        {
            await fleet.StartAsync(server, cancellation);
        }

        return fleet;
    }

    /// <summary>Stops a server gracefully, as in a rollout, and starts it again.</summary>
    public async Task RestartAsync(int server, CancellationToken cancellation)
    {
        Volatile.Write(ref clients[server], null);
        Assert.Equal(0, await processes[server].StopAsync(cancellation));
        await processes[server].DisposeAsync();
        await StartAsync(server, cancellation);
    }

    /// <summary>Waits until the given number of further create requests have succeeded.</summary>
    public async Task AnswersAsync(int count, CancellationToken cancellation)
    {
        while (answers.CurrentCount > 0)
        {
            await answers.WaitAsync(cancellation);
        }

        for (var answer = 0; answer < count; answer++)
        {
            await answers.WaitAsync(cancellation);
        }
    }

    /// <summary>Creates a workflow on the next server. If it does not answer, the same request is sent to the one after it.</summary>
    public async Task<long> CreateAsync(CancellationToken cancellation)
    {
        var request = new
        {
            externalId = Guid.NewGuid().ToString(),
            executorGroup = "default",
            workflowType = "DemoWorkflow",
            businessKey = "anybody",
        };
        while (true)
        {
            if (
                await TryAsync(http => http.PostAsJsonAsync("api/workflows", request, cancellation), cancellation) is
                { } workflow
            )
            {
                answers.Release();
                return workflow.GetProperty("id").GetInt64();
            }
        }
    }

    /// <summary>Waits until a workflow has finished.</summary>
    public async Task FinishesAsync(long id, CancellationToken cancellation)
    {
        while (true)
        {
            var path = new Uri($"api/workflows/{id}", UriKind.Relative);
            var workflow = await TryAsync(http => http.GetAsync(path, cancellation), cancellation);
            if (workflow?.GetProperty("status").GetString() == "FINISHED")
            {
                return;
            }

            await Task.Delay(20, cancellation);
        }
    }

    /// <summary>A client of the next server that is not being restarted.</summary>
    public HttpClient Next()
    {
        while (true)
        {
            var server = (int)((uint)Interlocked.Increment(ref turn) % (uint)clients.Length);
            if (Volatile.Read(ref clients[server]) is { } client)
            {
                return client;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        answers.Dispose();
    }

    private async Task StartAsync(int server, CancellationToken cancellation)
    {
        processes[server] = DemoProcess.Start(folder, settings);
        var client = new HttpClient { BaseAddress = await processes[server].ListeningAsync(cancellation) };
        client.DefaultRequestHeaders.Add("X-API-Key", SharedDatabase.ApiKey);
        Volatile.Write(ref clients[server], client);
    }

    /// <returns>Null when the server has stopped or is stopping. It may or may not have executed the request.</returns>
    private async Task<JsonElement?> TryAsync(
        Func<HttpClient, Task<HttpResponseMessage>> send,
        CancellationToken cancellation
    )
    {
        try
        {
            using var reply = await send(Next());
            var text = await reply.Content.ReadAsStringAsync(cancellation);
            Assert.True(reply.IsSuccessStatusCode || (int)reply.StatusCode == 503, $"{reply.StatusCode}: {text}");
            return reply.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
