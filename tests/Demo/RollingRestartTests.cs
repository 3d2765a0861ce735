namespace GopherFlow.Demo.Tests;

/// <summary>Three servers over one database, each with an executor.</summary>
public sealed class RollingRestartTests
{
    private const int Servers = 3;
    private const int Callers = 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Created_workflows_survive_a_rolling_restart_and_are_received_as_events_or_after_a_gap()
    {
        using var folder = new TemporaryFolder();
        var settings = await SharedDatabase.SettingsAsync("POSTGRES", folder, Stop);
        settings["GFLOW_DEMO_SPEED"] = "10000";
        settings["Logging__LogLevel__GopherFlow"] = "Warning";
        await using var fleet = await Fleet.StartAsync(Servers, folder.Path, settings, Stop);
        using var stopListening = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var listener = new FleetListener(fleet);
        var listening = listener.ListenAsync(stopListening.Token);
        await listener.HasBegunAsync(Stop);

        // The stream of one server also reports workflows created on the other servers.
        var calm = await CreateAsync(fleet, 30, Stop);
        await listener.ReceivesAsync(calm, Stop);

        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = Enumerable.Range(0, Callers).Select(_ => CreateUntilAsync(fleet, stopLoad.Token)).ToArray();
        for (var server = 0; server < Servers; server++)
        {
            await fleet.RestartAsync(server, Stop);
            await fleet.AnswersAsync(50, Stop);
        }

        await stopLoad.CancelAsync();
        var created = (await Task.WhenAll(load)).SelectMany(ids => ids).ToList();
        Assert.Distinct(created);
        await listener.ReceivesAsync(created, Stop);
        foreach (var id in created)
        {
            await fleet.FinishesAsync(id, Stop);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{created.Count} created; {listener.Connections} streams, {listener.Gaps} gaps"
        );
        Assert.InRange(listener.Gaps, 0, listener.Connections + Servers);
        await stopListening.CancelAsync();
        await listening;
    }

    private static async Task<List<long>> CreateAsync(Fleet fleet, int count, CancellationToken cancellation)
    {
        var ids = new List<long>();
        for (var made = 0; made < count; made++)
        {
            ids.Add(await fleet.CreateAsync(cancellation));
        }

        return ids;
    }

    /// <summary>Creates workflows one after the other until cancelled. The request in flight is completed.</summary>
    private static async Task<List<long>> CreateUntilAsync(Fleet fleet, CancellationToken end)
    {
        var ids = new List<long>();
        while (!end.IsCancellationRequested)
        {
            ids.Add(await fleet.CreateAsync(Stop));
        }

        return ids;
    }
}
