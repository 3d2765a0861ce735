using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GopherFlow.Demo.Tests;

/// <summary>The engine with the four demos on its own SQLite file. Disposing stops the engine and deletes the file.</summary>
internal sealed class DemoEngine : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly TemporaryFolder folder = new();
    private readonly IHost host;

    private DemoEngine(EngineClocks clocks, IReadOnlyDictionary<string, string> settings)
    {
        var reader = new SettingsReader(settings.GetValueOrDefault);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(clocks);
        builder.Services.AddDemo(reader);
        builder.Services.AddGopherFlowEngine(Options, flow => AddDemos(flow.UseSqlite(folder.File("demo.db"))));
        reader.ThrowIfFaulty();
        host = builder.Build();
    }

    public ChangeFeed Feed => host.Services.GetRequiredService<ChangeFeed>();

    private WorkflowOperations Operations => host.Services.GetRequiredService<WorkflowOperations>();

    private IWorkflowStore Store => host.Services.GetRequiredService<IWorkflowStore>();

    /// <summary>Starts the engine with the given demo settings.</summary>
    public static async Task<DemoEngine> StartAsync(EngineClocks clocks, params (string Name, string Value)[] settings)
    {
        var engine = new DemoEngine(clocks, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        await engine.host.StartAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    public static void AddDemos(GopherFlowRegistration flow) =>
        flow.AddWorkflow<DemoWorkflow>()
            .AddWorkflow<GetIpWorkflow>()
            .AddWorkflow<DemoParentWorkflow>()
            .AddWorkflow<DemoChildWorkflow>();

    public async Task<long> CreateAsync<TWorkflow>(params (string Name, string Value)[] variables)
        where TWorkflow : Workflow
    {
        var stateVars = new Variables();
        foreach (var (name, value) in variables)
        {
            stateVars[name] = value;
        }

        var created = await Operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = Guid.NewGuid().ToString("N"),
                WorkflowType = typeof(TWorkflow).Name,
                BusinessKey = "test",
                StateVars = stateVars,
            },
            TestContext.Current.CancellationToken
        );
        return created.Id;
    }

    /// <summary>Waits until the workflow is in one of the states, or in a final state if none is given.</summary>
    public async Task<WorkflowRecord> WaitAsync(long id, params string[] states)
    {
        var result = await Operations.WaitAsync(id, states, Limit, TestContext.Current.CancellationToken);
        Assert.Equal(WaitVerdict.Reached, result.Verdict);
        return result.Workflow!;
    }

    /// <summary>The history, oldest first, each entry as "TYPE name: text".</summary>
    public async Task<string[]> HistoryAsync(long id)
    {
        var actions = await Store.ActionsAsync(new ActionSearch(id, 1000), TestContext.Current.CancellationToken);
        return [.. actions.Reverse().SelectMany(ActionLine.Of).Select(line => $"{line.Type} {line.Name}: {line.Text}")];
    }

    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long id) =>
        Store.ChildrenAsync(new ChildSearch(id), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        folder.Dispose();
    }

    /// <summary>The lease is long enough not to expire on a fast clock.</summary>
    private static EngineOptions Options { get; } =
        new()
        {
            Lease = TimeSpan.FromHours(2),
            CheckDbInterval = TimeSpan.FromMinutes(1),
            StuckWorkflowsInterval = TimeSpan.FromMinutes(10),
        };
}
