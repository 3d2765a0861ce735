namespace GopherFlow.Demo.Tests;

/// <summary>Three servers over one database, each with an executor.</summary>
public sealed class RollingRestartTests
{
    private const int Servers = 3;
    private const int Callers = 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_is_kept_and_what_happened_is_heard_or_told_as_a_gap()
    {
        using var folder = new TemporaryFolder();
        var settings = await SharedDatabase.SettingsAsync("POSTGRES", folder, Stop);
        settings["GFLOW_DEMO_SPEED"] = "10000";
        settings["Logging__LogLevel__GopherFlow"] = "Warning";
        await using var fleet = await Fleet.StartAsync(Servers, folder.Path, settings, Stop);
        using var stopListening = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = new FleetListener(fleet);
        var listening = heard.ListenAsync(stopListening.Token);
        await heard.HasBegunAsync(Stop);

        // One server's stream tells what is created on the others.
        var calm = await CreateAsync(fleet, 30, Stop);
        await heard.HearsAsync(calm, Stop);

        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = Enumerable.Range(0, Callers).Select(_ => CreateUntilAsync(fleet, stopLoad.Token)).ToArray();
        for (var server = 0; server < Servers; server++)
        {
            await fleet.RestartAsync(server, Stop);
            await fleet.AnswersAsync(50, Stop);
        }

        await stopLoad.CancelAsync();
        var answered = (await Task.WhenAll(load)).SelectMany(ids => ids).ToList();
        Assert.Distinct(answered);
        await heard.HearsAsync(answered, Stop);
        foreach (var id in answered)
        {
            await fleet.FinishesAsync(id, Stop);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{answered.Count} created; {heard.Connections} streams, {heard.Gaps} gaps told"
        );
        Assert.InRange(heard.Gaps, 0, heard.Connections + Servers);
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

    /// <summary>One after the other; the one that is under way when it ends is waited for.</summary>
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
