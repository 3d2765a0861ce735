using GopherFlow.Authoring;

namespace GopherFlow.Demo;

/// <summary>
/// Asks a web service for this machine's public address. If the service cannot be reached or responds with an error, the exception
/// fails the attempt, and the state is retried according to the retry policy.
/// </summary>
[Workflow("GetIpWorkflow", "This is a Demo Workflow showing how it can be used")]
public sealed class GetIpWorkflow(IHttpClientFactory clients, DemoSettings settings) : Workflow
{
    /// <summary>The final state.</summary>
    [End]
    public const string Finish = "Finish";

    /// <inheritdoc/>
    protected override RetryPolicy Retry => RetryPolicy.Linear(10, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(60));

    /// <summary>Goes to the next state at once.</summary>
    [Start, GoesTo(nameof(StateGetIpData))]
    public NextState Init() => GoTo(nameof(StateGetIpData));

    /// <summary>Stores the address in the variable <c>ip</c>.</summary>
    [State, GoesTo(Finish)]
    public async Task<NextState> StateGetIpData(CancellationToken cancellation)
    {
        using var http = clients.CreateClient(nameof(GetIpWorkflow));
        Variables["ip"] = (await http.GetStringAsync(settings.IpUrl, cancellation)).Trim();
        return GoTo(Finish);
    }
}
