using System.Diagnostics.Metrics;
using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Bench;

/// <summary>The engine on a fresh SQLite file, as an application would host it, and its commits counted.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly IHost host;
    private readonly MeterListener meter = new();
    private long batches;
    private long members;

    private EngineUnderTest(IHost host)
    {
        this.host = host;
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "gopherflow.commit.batch_size")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<int>(
            (_, size, _, _) =>
            {
                Interlocked.Increment(ref batches);
                Interlocked.Add(ref members, size);
            }
        );
        meter.Start();
    }

    public WorkflowOperations Operations => host.Services.GetRequiredService<WorkflowOperations>();

    public ChangeFeed Feed => host.Services.GetRequiredService<ChangeFeed>();

    public IWorkflowStore Store => host.Services.GetRequiredService<IWorkflowStore>();

    public static async Task<EngineUnderTest> StartAsync(EngineOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddGopherFlowEngine(
            options,
            registration => registration.AddDefinition(ThreeStates.Definition).AddDefinition(LargeFamily.Definition)
        );
        var host = builder.Build();
        await host.StartAsync();
        return new EngineUnderTest(host);
    }

    public static CreateWorkflow NewWorkflow(string externalId) =>
        new()
        {
            ExternalId = externalId,
            WorkflowType = ThreeStates.Name,
            BusinessKey = "bench",
        };

    /// <summary>The mean number of members of a commit since this was last asked.</summary>
    public double TakeMeanBatch()
    {
        var count = Interlocked.Exchange(ref batches, 0);
        var total = Interlocked.Exchange(ref members, 0);
        return count == 0 ? 0 : (double)total / count;
    }

    /// <summary>Waits until so many workflows are finished, by the counts that every commit keeps.</summary>
    public async Task FinishedAsync(long wanted)
    {
        while (
            (await Store.CountsAsync(CancellationToken.None))
                .Where(count => count.Status == WorkflowStatus.Finished)
                .Sum(count => count.Count) < wanted
        )
        {
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        meter.Dispose();
        await host.StopAsync();
        host.Dispose();
    }
}
