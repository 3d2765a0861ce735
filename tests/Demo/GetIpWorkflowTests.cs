using System.Net;
using System.Net.Sockets;
using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Storage;

namespace GopherFlow.Demo.Tests;

public class GetIpWorkflowTests
{
    private const string Url = "GFLOW_DEMO_IP_URL";
    private const string GetIp = nameof(GetIpWorkflow.StateGetIpData);

    /// <summary>At this speed the first retry, ten seconds after the failure, comes after half a second.</summary>
    private readonly EngineClocks clocks = EngineClocks.TurnedBy(new FastClock(20));

    [Fact]
    public async Task The_address_is_stored_without_its_trailing_line_break()
    {
        await using var server = await AddressServer.StartAsync(port: 0, (200, "203.0.113.7\n"));
        await using var engine = await DemoEngine.StartAsync(clocks, (Url, server.Url));

        var workflow = await engine.WaitAsync(await engine.CreateAsync<GetIpWorkflow>());

        Assert.Equal((WorkflowStatus.Finished, GetIpWorkflow.Finish), (workflow.Status, workflow.State));
        Assert.Equal("203.0.113.7", Variables.Parse(workflow.StateVars)["ip"]);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_refused_connection_is_retried_until_the_server_is_up()
    {
        var port = FreePort();
        await using var engine = await DemoEngine.StartAsync(clocks, (Url, $"http://127.0.0.1:{port}"));
        using var changes = engine.Feed.Subscribe();
        var id = await engine.CreateAsync<GetIpWorkflow>();

        var refused = await NextParked(changes, id);
        await using var server = await AddressServer.StartAsync(port, (200, "203.0.113.8\n"));
        var workflow = await engine.WaitAsync(id);

        Assert.Equal(GetIp, refused.State);
        Assert.InRange(
            refused.NextActivation!.Value - refused.Modified,
            TimeSpan.FromSeconds(5),
            TimeSpan.FromSeconds(10)
        );
        Assert.Equal(WorkflowStatus.Finished, workflow.Status);
        Assert.Equal("203.0.113.8", Variables.Parse(workflow.StateVars)["ip"]);
        var history = await engine.HistoryAsync(id);
        Assert.Contains(history, entry => entry.StartsWith($"{ActionTypes.Error} {GetIp}: ", StringComparison.Ordinal));
        Assert.Contains(history, entry => entry.StartsWith($"{ActionTypes.Retry} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_response_is_retried()
    {
        await using var server = await AddressServer.StartAsync(port: 0, (500, "out of order"), (200, "203.0.113.9"));
        await using var engine = await DemoEngine.StartAsync(clocks, (Url, server.Url));
        var id = await engine.CreateAsync<GetIpWorkflow>();

        var workflow = await engine.WaitAsync(id);

        Assert.Equal("203.0.113.9", Variables.Parse(workflow.StateVars)["ip"]);
        Assert.Equal(2, server.Requests);
        var history = await engine.HistoryAsync(id);
        Assert.Contains(
            history,
            entry => entry.StartsWith(ActionTypes.Error, StringComparison.Ordinal) && entry.Contains("500")
        );
    }

    private static async Task<WorkflowChange> NextParked(ChangeSubscription changes, long id)
    {
        await foreach (var change in ChangesOf(changes))
        {
            if (change.Id == id && change.Status == WorkflowStatus.InProgress && change.NextActivation is not null)
            {
                return change;
            }
        }

        throw new InvalidOperationException("The feed ended.");
    }

    private static async IAsyncEnumerable<WorkflowChange> ChangesOf(ChangeSubscription changes)
    {
        while (true)
        {
            if (await changes.ReadAsync(TestContext.Current.CancellationToken) is FeedItem.Batch batch)
            {
                foreach (var change in batch.Changes)
                {
                    yield return change;
                }
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
