using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The variables of a workflow are bounded in total.</summary>
public sealed class VariablesLimitTests
{
    private static readonly EngineOptions Options = new() { VariablesLimit = 2000 };

    private static readonly string Fits = new('a', 1989);
    private static readonly string Large = new('a', 2000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_that_sets_too_much_has_failed_and_is_not_retried()
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
                    "The variables would have 2,011 bytes, and 2,000 are allowed. Keep what is large elsewhere",
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
    public async Task A_child_with_too_much_is_not_created()
    {
        await using var engine = await StartAsync(_ =>
            NextState.GoTo("Done").Spawn(new ChildRequest("W", "k") { Variables = With(Large) })
        );

        var failed = await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Failed);

        Assert.Empty(await engine.Store.ChildrenAsync(new ChildSearch(failed.Id), Stop));
    }

    [Fact]
    public async Task A_create_with_too_much_is_refused()
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
    public async Task A_variable_set_by_hand_counts_with_the_others(int length, string expected)
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
