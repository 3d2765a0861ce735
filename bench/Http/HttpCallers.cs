using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench.Http;

/// <summary>Clients that create workflows over HTTP, each on its own connection.</summary>
internal sealed class HttpCallers : IDisposable
{
    private readonly List<HttpCaller> callers = [];

    /// <summary>One function per client that creates a workflow, and returns false if it was not created.</summary>
    public IReadOnlyList<Func<string, Task<bool>>> Creates =>
        [.. callers.Select(static caller => (Func<string, Task<bool>>)(id => CreateAsync(caller, id)))];

    public static async Task<HttpCallers> ConnectAsync(Uri server, int clients)
    {
        var connected = new HttpCallers();
        for (var number = 0; number < clients; number++)
        {
            connected.callers.Add(await HttpCaller.ConnectAsync(server));
        }

        return connected;
    }

    public void Dispose() => callers.ForEach(static caller => caller.Dispose());

    private static async Task<bool> CreateAsync(HttpCaller caller, string id)
    {
        var body =
            $$"""{"externalId":"{{id}}","executorGroup":"default","workflowType":"{{ThreeStates.Name}}","businessKey":"bench"}""";
        return await caller.PostAsync("/api/workflows", ServerUnderTest.ApiKey, body) == 201;
    }
}
