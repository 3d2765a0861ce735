using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Versions;

/// <summary>Moving workflows from one version to another.</summary>
public sealed class MoveTests
{
    private static readonly MoveVersions OneToTwo = new()
    {
        Name = "W",
        From = "1",
        To = "2",
        States = new Dictionary<string, string> { ["Review"] = "Check" },
        DryRun = false,
        Actor = "ada",
    };

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Parked_workflows_continue_in_the_mapped_state_and_keep_their_due_time(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var id = await ParkedOnOneAsync(engine, "one");

        var result = await engine.Versions.MoveAsync(OneToTwo, TestContext.Current.CancellationToken);

        Assert.Equal([new StateMovePlan("Review", "Check", 1, null)], result.Plan);
        Assert.Equal(1, result.Moved);
        var moved = await engine.FindAsync(id);
        Assert.Equal(("2", "Check", WorkflowStatus.InProgress), (moved.Version, moved.State, moved.Status));
        Assert.Equal("MOVED Review: From version 1 to 2, state Check (by ada)", (await engine.HistoryAsync(id))[^1]);
        engine.Clock.Advance(TimeSpan.FromHours(1));
        var finished = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"checked":"2"}""", finished.StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_dry_run_says_what_would_happen_and_changes_nothing(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var id = await ParkedOnOneAsync(engine, "one");
        var before = await engine.FindAsync(id);

        var result = await engine.Versions.MoveAsync(
            OneToTwo with
            {
                DryRun = true,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal([new StateMovePlan("Review", "Check", 1, null)], result.Plan);
        Assert.Equal(0, result.Moved);
        Assert.Equal(before, await engine.FindAsync(id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_unmapped_state_rejects_the_whole_move_with_its_name_and_count(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var first = await ParkedOnOneAsync(engine, "one");
        await ParkedOnOneAsync(engine, "two");

        var result = await engine.Versions.MoveAsync(
            OneToTwo with
            {
                States = new Dictionary<string, string>(),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["2 in 'Review': version 2 has no such state; map it to one of Init, Check."], result.Refusals);
        Assert.Equal((0, "1"), (result.Moved, (await engine.FindAsync(first)).Version));
    }

    [Fact]
    public async Task A_state_cannot_be_mapped_to_a_final_one()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        await ParkedOnOneAsync(engine, "one");

        var result = await engine.Versions.MoveAsync(
            OneToTwo with
            {
                States = new Dictionary<string, string> { ["Review"] = "Done" },
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            ["1 in 'Review': 'Done' is final in version 2; map 'Review' to a state that is not."],
            result.Refusals
        );
    }

    [Fact]
    public async Task Only_the_listed_workflows_are_moved()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var first = await ParkedOnOneAsync(engine, "one");
        var second = await ParkedOnOneAsync(engine, "two");

        var result = await engine.Versions.MoveAsync(
            OneToTwo with
            {
                WorkflowIds = [second],
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, result.Moved);
        Assert.Equal("1", (await engine.FindAsync(first)).Version);
        Assert.Equal("2", (await engine.FindAsync(second)).Version);
    }

    [Theory]
    [InlineData("Nobody", "1", "2", "name")]
    [InlineData("W", "0", "2", "from")]
    [InlineData("W", "1", "3", "to")]
    [InlineData("W", "1", "1", "to")]
    public async Task The_error_names_an_unknown_version(string name, string from, string to, string field)
    {
        await using var engine = await StartAsync(StoreKind.InMemory);

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Versions.MoveAsync(
                OneToTwo with
                {
                    Name = name,
                    From = from,
                    To = to,
                    States = new Dictionary<string, string>(),
                },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(field, Assert.Single(fault.Faults).Field);
    }

    [Fact]
    public async Task A_mapping_of_unknown_states_is_rejected()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Versions.MoveAsync(
                OneToTwo with
                {
                    States = new Dictionary<string, string> { ["Rewiev"] = "Chekc" },
                },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(["states", "states.Rewiev"], fault.Faults.Select(field => field.Field));
    }

    [Fact]
    public async Task The_error_for_an_unregistered_version_lists_the_registered_ones()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var now = engine.Clock.GetUtcNow();
        await engine.Store.SaveDefinitionsAsync(
            [DefinitionRecord.Of(Machine("3", "Check", Checked("3")), now)],
            now,
            TestContext.Current.CancellationToken
        );

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Versions.MoveAsync(OneToTwo with { To = "3" }, TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            "a version that this server can run (its program registers W only as version 2, 1; register version 3 beside that, or "
                + "use a server that has it)",
            Assert.Single(fault.Faults, found => found.Field == "to").Expected
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_running_step_is_dropped_and_the_new_version_runs_instead(StoreKind kind)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = Machine(
            "1",
            "Check",
            async step =>
            {
                entered.TrySetResult();
                await Task.Delay(Timeout.Infinite, step.Cancellation);
                throw new InvalidOperationException("must not go on");
            }
        );
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machine("2", "Check", Checked("2"))).AddDefinition(slow)
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.State == "Check");
        engine.Clock.Advance(TimeSpan.FromHours(1));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await engine.Versions.MoveAsync(
            OneToTwo with
            {
                States = new Dictionary<string, string>(),
            },
            TestContext.Current.CancellationToken
        );

        var finished = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(("2", """{"checked":"2"}"""), (finished.Version, finished.StateVars));
    }

    private static WorkflowDefinition Machine(
        string version,
        string middle,
        Func<StepContext, Task<NextState>> function
    ) =>
        WorkflowDefinitionBuilder
            .Named("W")
            .Version(version)
            .Start("Init", _ => NextState.GoTo(middle).After(TimeSpan.FromHours(1)), goesTo: [middle])
            .State(middle, function, goesTo: ["Done"])
            .End("Done")
            .Build();

    private static Func<StepContext, Task<NextState>> Checked(string version) =>
        step =>
        {
            step.Variables["checked"] = version;
            return Task.FromResult(NextState.GoTo("Done"));
        };

    /// <summary>Registers versions 1 and 2. New workflows start on version 1.</summary>
    private static Task<EngineHarness> StartAsync(StoreKind kind) =>
        EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(Machine("2", "Check", Checked("2"))).AddDefinition(Machine("1", "Review", Checked("1")))
        );

    private static async Task<long> ParkedOnOneAsync(EngineHarness engine, string externalId)
    {
        var id = await engine.CreateAsync("W", externalId);
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        return id;
    }
}
