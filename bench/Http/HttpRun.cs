using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Processes;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Http;

/// <summary>
/// Compares in-process callers of the engine with clients of the complete server over HTTP, each on its own database. They run alternately,
/// so that other load on the machine affects both.
/// </summary>
internal static class HttpRun
{
    private const int Rounds = 5;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
    {
        var clients = setup.Options.Http;
        var duration = TimeSpan.FromSeconds(setup.Options.Seconds) / Rounds;
        var (direct, served) = (await setup.EmptyAsync("callers"), await setup.EmptyAsync("clients"));
        await using var engine = await EngineUnderTest.StartAsync(direct, setup.Options, setup.Counters);
        await using var server = await ServerUnderTest.StartAsync(served, setup.Options);
        await using var directStore = await OpenAsync(setup, direct);
        await using var servedStore = await OpenAsync(setup, served);
        using var callers = await HttpCallers.ConnectAsync(server.Address, clients);
        var inProcess = new CallersRun(
            [.. Enumerable.Repeat(CreateInProcessAsync, clients)],
            directStore,
            setup.Prefix("caller")
        );
        var overHttp = new CallersRun(callers.Creates, servedStore, setup.Prefix("client"));
        await inProcess.RunAsync(LeadIn, Warmup, isMeasured: false);
        await overHttp.RunAsync(LeadIn, Warmup, isMeasured: false);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < Rounds; round++)
        {
            await inProcess.RunAsync(LeadIn, duration);
            await overHttp.RunAsync(LeadIn, duration);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        print($"engine, {clients} callers: {inProcess}");
        print($"HTTP, {clients} clients: {overHttp}");
        print($"memory: {before / 1e6:0.0} MB before, {after / 1e6:0.0} MB after");
        var ratios = inProcess.Speeds.Zip(overHttp.Speeds, static (caller, client) => 100 * client / caller);
        print(
            $"HTTP makes {100 * overHttp.Speeds.Average() / inProcess.Speeds.Average():0} % of the engine's workflows/s; "
                + $"by round {string.Join(", ", ratios.Select(static ratio => $"{ratio:0}"))} %"
        );

        async Task<bool> CreateInProcessAsync(string id)
        {
            await engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow(id));
            return true;
        }
    }

    private static async Task<IWorkflowStore> OpenAsync(BenchSetup setup, Target target)
    {
        var store = setup.Database.Store(target);
        await store.InitializeAsync(CancellationToken.None);
        return store;
    }
}
