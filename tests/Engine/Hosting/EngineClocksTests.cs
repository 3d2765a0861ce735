using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>Which clocks an engine uses.</summary>
public sealed class EngineClocksTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_engine_ignores_a_clock_that_the_application_registers_for_itself()
    {
        var instant = DateTimeOffset.MinValue;
        var standing = new VirtualClock(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(standing);
        builder.Services.AddGopherFlowEngine(
            new EngineOptions(),
            flow =>
                flow.UseInMemory()
                    .AddDefinition(
                        Machines.OneState(
                            "W",
                            step =>
                            {
                                instant = step.Clock.GetUtcNow();
                                return step.Attempt == 1
                                    ? throw new InvalidOperationException("once more, by a real timer")
                                    : NextState.GoTo("Done");
                            },
                            RetryPolicy.Linear(1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1))
                        )
                    )
        );
        using var host = builder.Build();
        await host.StartAsync(Stop);
        var operations = host.Services.GetRequiredService<WorkflowOperations>();

        var created = await operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = "one",
                WorkflowType = "W",
                BusinessKey = "test",
                StateVars = new Variables(),
            },
            Stop
        );
        var result = await operations.WaitAsync(created.Id, [], TimeSpan.FromSeconds(30), Stop);

        Assert.Equal(WaitVerdict.Reached, result.Verdict);
        Assert.Equal(WorkflowStatus.Finished, result.Workflow!.Status);
        Assert.True(instant > standing.GetUtcNow().AddYears(20));
        await host.StopAsync(Stop);
    }
}
