using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The total size of the variables of a workflow is limited.</summary>
public sealed class VariablesLimitTests
{
    private static readonly EngineOptions Options = new() { VariablesLimit = 2000 };

    private static readonly string Fits = new('a', 1989);
    private static readonly string Large = new('a', 2000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_that_exceeds_the_limit_fails_without_a_retry()
    {
        var runs = 0;
        await using var engine = await StartAsync(step =>
        {
            runs++;
            step.Variables["text"] = Large;
            return NextState.GoTo("Done");
        });

        var failed = await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Failed);

        Assert.Equal((1, "{}"), (runs, failed.StateVars));
        Assert.Contains(
            await engine.HistoryAsync(failed.Id),
            entry =>
                entry.Contains(
                    "The variables would have 2,011 bytes, but only 2,000 are allowed. Store large data elsewhere",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task A_step_that_stays_within_the_limit_is_committed()
    {
        await using var engine = await StartAsync(step =>
        {
            step.Variables["text"] = Fits;
            return NextState.GoTo("Done");
        });

        await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Finished);
    }

    [Fact]
    public async Task A_child_that_exceeds_the_limit_is_not_created()
    {
        await using var engine = await StartAsync(_ =>
            NextState.GoTo("Done").Spawn(new ChildRequest("W", "k") { Variables = With(Large) })
        );

        var failed = await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Failed);

        Assert.Empty(await engine.Store.ChildrenAsync(new ChildSearch(failed.Id), Stop));
    }

    [Fact]
    public async Task A_create_that_exceeds_the_limit_is_rejected()
    {
        await using var engine = await StartAsync(_ => NextState.GoTo("Ask"));

        var refusal = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.CreateAsync("W", variables: With(Large))
        );

        Assert.Equal("stateVars", Assert.Single(refusal.Faults).Field);
    }

    [Theory]
    [InlineData(1000, "at most 2,000 bytes")]
    [InlineData(3000, "at most 2,000 bytes")]
    public async Task A_variable_set_by_hand_counts_towards_the_limit(int length, string expected)
    {
        await using var engine = await StartAsync(_ => NextState.GoTo("Ask"));
        var id = await engine.CreateAsync("W", variables: With(new string('a', 1000)));
        var variable = new VariableChange("more", $"\"{new string('b', length)}\"");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        var set = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.ChangeVariablesAsync(id, [variable], "ann", Stop)
        );
        var moved = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.MoveAsync(
                new MoveWorkflow
                {
                    WorkflowId = id,
                    State = "Done",
                    Variables = [variable],
                    Actor = "ann",
                },
                Stop
            )
        );

        Assert.All([set, moved], each => Assert.Contains(expected, each.Message, StringComparison.Ordinal));
        Assert.Equal(WorkflowStatus.Waiting, (await engine.FindAsync(id)).Status);
    }

    private static Variables With(string text)
    {
        var variables = new Variables();
        variables["text"] = text;
        return variables;
    }

    private static Task<EngineHarness> StartAsync(Func<StepContext, NextState> work) =>
        EngineHarness.StartAsync(StoreKind.Sqlite, g => g.AddDefinition(Machines.OneState("W", work)), Options);
}
