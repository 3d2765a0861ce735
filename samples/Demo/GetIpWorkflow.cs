using GopherFlow.Authoring;

namespace GopherFlow.Demo;

/// <summary>
/// Asks a web service for this machine's public address. When it cannot be reached or answers with an error, the exception
/// makes the attempt a failed one, and the retry policy says when the state runs again.
/// </summary>
[Workflow("GetIpWorkflow", "This is a Demo Workflow showing how it can be used")]
public sealed class GetIpWorkflow(IHttpClientFactory clients, DemoSettings settings) : Workflow
{
    /// <summary>The end.</summary>
    [End]
    public const string Finish = "Finish";

    /// <inheritdoc/>
    protected override RetryPolicy Retry => RetryPolicy.Linear(10, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(60));

    /// <summary>Nothing to prepare.</summary>
    [Start, GoesTo(nameof(StateGetIpData))]
    public NextState Init() => GoTo(nameof(StateGetIpData));

    /// <summary>Puts the address into the variable <c>ip</c>.</summary>
    [State, GoesTo(Finish)]
    public async Task<NextState> StateGetIpData(CancellationToken cancellation)
    {
        using var http = clients.CreateClient(nameof(GetIpWorkflow));
        Variables["ip"] = (await http.GetStringAsync(settings.IpUrl, cancellation)).Trim();
        return GoTo(Finish);
    }
}
