using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>An API client that changes workflows while the browser shows them.</summary>
internal sealed class ApiCaller : IDisposable
{
    private readonly HttpClient http;

    private ApiCaller(Uri server)
    {
        http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Add("X-GopherFlow", "console");
    }

    public static async Task<ApiCaller> SignInAsync(Uri server, string password, CancellationToken cancellation)
    {
        var caller = new ApiCaller(server);
        await caller.PostAsync("api/session", new { username = "admin", password }, cancellation);
        return caller;
    }

    public async Task<long> StartAsync(
        string workflowType,
        string externalId,
        DateTimeOffset at,
        CancellationToken cancellation,
        object? stateVars = null
    )
    {
        var body = new
        {
            workflowType,
            externalId,
            businessKey = externalId,
            executorGroup = "default",
            stateVars = stateVars ?? new { },
            nextActivation = at,
        };
        var reply = await PostAsync("api/workflows", body, cancellation);
        return reply.GetProperty("id").GetInt64();
    }

    /// <summary>Sends a signal to a workflow.</summary>
    public Task SignalAsync(long id, string name, object payload, CancellationToken cancellation) =>
        PostAsync($"api/workflows/{id}/signals", new { name, payload }, cancellation);

    /// <summary>Adds a schedule that is due every night.</summary>
    public Task ScheduleAsync(string name, string workflowType, CancellationToken cancellation) =>
        PostAsync(
            "api/schedules",
            new
            {
                name,
                workflowType,
                cron = "0 2 * * *",
            },
            cancellation
        );

    /// <summary>Moves a workflow to a state that is due in one day.</summary>
    public Task MoveAsync(long id, string state, CancellationToken cancellation) =>
        PostAsync(
            $"api/workflows/{id}/state",
            new { state, nextActivation = DateTimeOffset.UtcNow.AddDays(1) },
            cancellation
        );

    /// <summary>Cancels a workflow.</summary>
    public Task CancelAsync(long id, CancellationToken cancellation) =>
        PostAsync($"api/workflows/{id}/cancel", new { }, cancellation);

    /// <summary>Deletes a workflow that has ended.</summary>
    public async Task DeleteAsync(long id, CancellationToken cancellation)
    {
        using var reply = await http.DeleteAsync(new Uri($"api/workflows/{id}", UriKind.Relative), cancellation);
        reply.EnsureSuccessStatusCode();
    }

    /// <summary>Reads JSON from a path.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        JsonSerializer.Deserialize<JsonElement>(
            await http.GetStringAsync(new Uri(path, UriKind.Relative), cancellation)
        );

    /// <summary>The newest workflows of a type.</summary>
    public async Task<JsonElement> FindAsync(string workflowType, CancellationToken cancellation) =>
        (
            await PostAsync(
                "api/workflows/search",
                new { filter = new { workflowTypes = new[] { workflowType } }, limit = 100 },
                cancellation
            )
        ).GetProperty("workflows");

    /// <summary>Deploys a script.</summary>
    public async Task DeployAsync(string name, string source, CancellationToken cancellation)
    {
        using var reply = await http.PutAsJsonAsync($"api/scripts/{name}", new { source }, cancellation);
        reply.EnsureSuccessStatusCode();
    }

    /// <summary>
    /// Opens an event stream and reads until the resync event, which the server sends soon after its first stream has opened. The stream
    /// stays open until disposed, so that the server does not send another resync.
    /// </summary>
    public async Task<IDisposable> ListenAsync(CancellationToken cancellation)
    {
        var reader = new StreamReader(await http.GetStreamAsync(new Uri("api/events", UriKind.Relative), cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line && line != "event: resync") { }

        return reader;
    }

    /// <summary>Polls until workflows of a type can start, because a script has to be compiled first.</summary>
    public async Task HasDefinitionAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            var path = new Uri($"api/definitions/{name}", UriKind.Relative);
            using var reply = await http.GetAsync(path, cancellation);
            if (reply.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100, cancellation);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using var reply = await http.PostAsJsonAsync(path, body, cancellation);
        var text = await reply.Content.ReadAsStringAsync(cancellation);
        return reply.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new InvalidOperationException($"{path}: {text}");
    }
}
