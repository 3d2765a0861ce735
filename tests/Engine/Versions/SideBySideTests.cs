using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.TestSupport;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Engine.Tests.Versions;

/// <summary>A workflow stays on the version on which it started; versions run side by side.</summary>
public sealed class SideBySideTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task Each_workflow_finishes_on_the_version_on_which_it_started(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        long old;
        await using (var before = await StartAsync(store, clock, Parking("1")))
        {
            old = await before.CreateAsync("W", "old");
            await before.UntilAsync(old, WorkflowStatus.InProgress);
        }

        await using var engine = await StartAsync(store, clock, Parking("1"), Parking("2"));
        var young = await engine.CreateAsync("W", "young");
        await engine.UntilAsync(young, WorkflowStatus.InProgress);
        clock.Advance(TimeSpan.FromHours(1));

        var (first, second) = (
            await engine.UntilAsync(old, WorkflowStatus.Finished),
            await engine.UntilAsync(young, WorkflowStatus.Finished)
        );
        Assert.Equal(("1", """{"ran":"1"}"""), (first.Version, first.StateVars));
        Assert.Equal(("2", """{"ran":"2"}"""), (second.Version, second.StateVars));
        Assert.Equal(
            ["2", "1"],
            (await engine.Store.DefinitionVersionsAsync("W", TestContext.Current.CancellationToken)).Select(version =>
                version.Version
            )
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Workflows_of_a_missing_version_are_left_alone_and_logged(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        long old;
        await using (var before = await StartAsync(store, clock, Parking("1")))
        {
            old = await before.CreateAsync("W", "old");
            await before.UntilAsync(old, WorkflowStatus.InProgress);
        }

        clock.Advance(TimeSpan.FromHours(2));
        using var logs = new LogCollector();
        await using (var after = await StartAsync(store, clock, logs, Parking("2")))
        {
            var young = await after.CreateAsync("W", "young");
            await after.UntilAsync(young, WorkflowStatus.InProgress);
            clock.Advance(TimeSpan.FromHours(1));
            await after.UntilAsync(young, WorkflowStatus.Finished);

            Assert.Equal(("1", WorkflowStatus.InProgress), await VersionAndStatusAsync(after, old));
        }

        Assert.Contains(
            logs.Lines,
            line => line.StartsWith("Warning: 1 unfinished workflows of W are on version 1", StringComparison.Ordinal)
        );
        await using var again = await StartAsync(store, clock, Parking("1"), Parking("2"));
        await again.UntilAsync(old, WorkflowStatus.Finished);
    }

    [Fact]
    public void Definitions_with_the_same_name_need_explicit_versions()
    {
        var fault = Assert.Throws<InvalidDefinitionException>(() =>
            new GopherFlowRegistration().AddDefinition(Unversioned("First")).AddDefinition(Unversioned("Begin")).Build()
        );

        Assert.Equal(
            "W: is registered 2 times; once is enough. To run versions side by side, set the version of each by hand",
            Assert.Single(fault.Faults).ToString()
        );
    }

    [Fact]
    public void A_version_belongs_to_one_definition()
    {
        var fault = Assert.Throws<InvalidDefinitionException>(() =>
            new GopherFlowRegistration().AddDefinition(Parking("1")).AddDefinition(Parking("1")).Build()
        );

        Assert.Equal(
            "W: is registered 2 times as version 1; give each a different version",
            Assert.Single(fault.Faults).ToString()
        );
    }

    /// <summary>A source that fails to load must not lose the workflow, and the error must be recorded.</summary>
    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_definition_that_cannot_be_loaded_is_recorded_in_the_history_and_retried(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, _ => { });
        var source = new BrokenSource(Parking("1"));
        engine.Registry.Replace(source, [source.Definition], [], []);

        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal(
            [
                "ERROR Missing Definition: DefinitionUnavailableException: no compiler here",
                "RETRY First: Retry at 2026-01-01T00:00:30Z",
            ],
            (await engine.HistoryAsync(id)).TakeLast(2)
        );
        Assert.Equal(0, parked.RetryCount);

        var told = await engine.HistoryAsync(id);
        engine.Clock.Advance(TimeSpan.FromSeconds(30));
        await engine.UntilAsync(id, workflow => workflow is { Status: WorkflowStatus.InProgress, ExecutionCount: 2 });
        Assert.Equal(told, await engine.HistoryAsync(id));

        source.Broken = false;
        engine.Clock.Advance(TimeSpan.FromSeconds(30));
        await engine.UntilAsync(id, workflow => workflow.State == "Second");
        engine.Clock.Advance(TimeSpan.FromHours(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        await engine.StopAsync();
        Assert.Equal(0, source.Uses);
    }

    [Fact]
    public async Task A_disabled_definition_starts_and_runs_nothing_until_it_is_enabled()
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.InMemory, _ => { });
        var source = new BrokenSource(Parking("1")) { Broken = false };
        engine.Registry.Replace(source, [source.Definition], [], []);
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.State == "Second");

        engine.Registry.Replace(source, [], [], ["W"]);
        engine.Clock.Advance(TimeSpan.FromHours(2));
        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() => engine.CreateAsync("W", "two"));
        Assert.Contains("this one is disabled", fault.Message);
        Assert.Equal(WorkflowStatus.InProgress, (await engine.FindAsync(id)).Status);
        await AssertIdleAsync(engine);

        engine.Registry.Replace(source, [source.Definition], [], []);
        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    /// <summary>Checks that no role is in a busy loop, which would start a timer each time.</summary>
    private static async Task AssertIdleAsync(EngineHarness engine)
    {
        await engine.RestAsync();
        var created = engine.Clock.Created;
        for (var turn = 0; turn < 10_000; turn++)
        {
            await Task.Yield();
        }

        Assert.InRange(engine.Clock.Created - created, 0, 100);
    }

    /// <summary>Parks for an hour, then writes its version into a variable.</summary>
    private static WorkflowDefinition Parking(string version) =>
        WorkflowDefinitionBuilder
            .Named("W")
            .Version(version)
            .Start("First", _ => NextState.GoTo("Second").After(TimeSpan.FromHours(1)), goesTo: ["Second"])
            .State(
                "Second",
                step =>
                {
                    step.Variables["ran"] = version;
                    return NextState.GoTo("Done");
                },
                goesTo: ["Done"]
            )
            .End("Done")
            .Build();

    private static WorkflowDefinition Unversioned(string start) =>
        WorkflowDefinitionBuilder
            .Named("W")
            .Start(start, _ => NextState.GoTo("Done"), goesTo: ["Done"])
            .End("Done")
            .Build();

    private static async Task<(string, WorkflowStatus)> VersionAndStatusAsync(EngineHarness engine, long id)
    {
        var workflow = await engine.FindAsync(id);
        return (workflow.Version, workflow.Status);
    }

    private static Task<EngineHarness> StartAsync(
        TestStore store,
        VirtualClock clock,
        params WorkflowDefinition[] definitions
    ) => StartAsync(store, clock, loggers: null, definitions);

    private static Task<EngineHarness> StartAsync(
        TestStore store,
        VirtualClock clock,
        ILoggerFactory? loggers,
        params WorkflowDefinition[] definitions
    ) =>
        EngineHarness.StartAsync(
            store,
            clock,
            g =>
            {
                foreach (var definition in definitions)
                {
                    g.AddDefinition(definition);
                }
            },
            loggers: loggers
        );

    private sealed class BrokenSource(WorkflowDefinition definition) : IDefinitionSource
    {
        private int uses;

        public WorkflowDefinition Definition => definition;

        public bool Broken { get; set; } = true;

        public int Uses => Volatile.Read(ref uses);

        public ValueTask<DefinitionUse> OpenAsync(DefinitionKey key, CancellationToken cancellation)
        {
            if (Broken)
            {
                throw new DefinitionUnavailableException("no compiler here");
            }

            Interlocked.Increment(ref uses);
            return new(new DefinitionUse(definition, () => Interlocked.Decrement(ref uses)));
        }
    }
}
