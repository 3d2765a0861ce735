using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Running a workflow again from a state, on every store.</summary>
public sealed class RunAgainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Run_again_starts_from_a_state_with_changed_variables_and_a_new_step_key(StoreKind kind)
    {
        var keys = new List<string>();
        var seen = new List<string>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", Run))
        );
        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"city":"Oslo","old":"1"}"""));
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        var result = await engine.Interventions.RunAgainAsync(
            new()
            {
                WorkflowId = id,
                State = "Work",
                Variables = [new("city", "\"Rome\""), new("old", null)],
                Actor = "ann",
            },
            Stop
        );

        Assert.Equal(OperationVerdict.Changed, result.Verdict);
        await engine.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished && keys.Count == 2);
        Assert.Equal(["Oslo", "Rome"], seen);
        Assert.NotEqual(keys[0], keys[1]);
        Assert.Equal("""{"city":"Rome"}""", (await engine.FindAsync(id)).StateVars);
        Assert.Equal(
            [
                "RUN_AGAIN Done: Runs again from Work (by ann)",
                "LOG Work: Updated state var: city (by ann)",
                "LOG Work: Removed state var: old (by ann)",
            ],
            (await engine.HistoryAsync(id)).Skip(3).Take(3)
        );
        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.RunAgainAsync(
                new()
                {
                    WorkflowId = id,
                    State = "Done",
                    Actor = "ann",
                },
                Stop
            )
        );
        Assert.Equal("state: expected a state with a function: Work, but got 'Done'.", fault.Message);

        NextState Run(StepContext step)
        {
            keys.Add(step.StepKey);
            seen.Add(step.Variables["city"]!);
            return NextState.GoTo("Done");
        }
    }
}
