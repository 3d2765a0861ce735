using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Runs;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Bench.Processes;

/// <summary>The engine in this process, hosted like in an application.</summary>
internal sealed class EngineUnderTest(IHost host) : IAsyncDisposable
{
    public WorkflowOperations Operations => host.Services.GetRequiredService<WorkflowOperations>();

    public ChangeFeed Feed => host.Services.GetRequiredService<ChangeFeed>();

    /// <param name="engine">The database.</param>
    /// <param name="options">The options of the benchmark.</param>
    /// <param name="counters">The counters of this process.</param>
    /// <param name="runs">Whether the engine has the workflow definitions, and so can run workflows.</param>
    public static async Task<EngineUnderTest> StartAsync(
        Target engine,
        BenchOptions options,
        ProcessCounters counters,
        bool runs = true
    )
    {
        var database = BenchDatabase.Of(options.Database);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddGopherFlowEngine(
            engine.Options,
            registration =>
            {
                database.Use(registration, engine);
                if (runs)
                {
                    registration
                        .AddDefinition(ThreeStates.Definition)
                        .AddDefinition(LimitedStep.Definition)
                        .AddDefinition(LimitedStep.UnlimitedDefinition)
                        .AddDefinition(LargeFamily.Definition(options.Children));
                    foreach (var definition in ChangedVariable.Definitions)
                    {
                        registration.AddDefinition(definition);
                    }
                }
            }
        );
        if (database is SqliteBenchDatabase)
        {
            builder.Services.AddSingleton<IWorkflowStore>(provider => new CountedStore(
                provider.GetRequiredService<OpenedStores>().Workflows,
                counters
            ));
        }

        var host = builder.Build();
        await host.StartAsync();
        return new EngineUnderTest(host);
    }

    public static CreateWorkflow NewWorkflow(string externalId, string type = ThreeStates.Name) =>
        new()
        {
            ExternalId = externalId,
            WorkflowType = type,
            BusinessKey = "bench",
        };

    /// <summary>Creates workflows with a number of concurrent callers, each without pauses.</summary>
    public async Task CreateAllAsync(int creators, int count, string prefix, string type = ThreeStates.Name)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, creators).Select(_ => Task.Run(CreateAsync)));

        async Task CreateAsync()
        {
            for (
                var number = Interlocked.Increment(ref next);
                number <= count;
                number = Interlocked.Increment(ref next)
            )
            {
                await Operations.CreateAsync(NewWorkflow($"{prefix}-{number}", type));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
