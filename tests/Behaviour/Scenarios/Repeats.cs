using GopherFlow.Operations;

namespace GopherFlow.Behaviour;

/// <summary>A retry by a person starts the next attempt at once. It counts as a normal retry.</summary>
internal sealed class RetryNow : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Linear(5, TimeSpan.FromHours(1), TimeSpan.FromHours(1)))
                .Start("Work", Work, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Work(StepContext step)
    {
        if (step.Attempt == 1)
        {
            throw new InvalidOperationException("broken");
        }

        step.Variables.Set("attempt", step.Attempt);
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        var parked = await scene.ParkedAsync(id, "Work", TimeSpan.FromHours(1));
        Assert.Equal((1, "InvalidOperationException: broken"), (parked.RetryCount, parked.LastError));

        await scene.Engine.Interventions.RetryAsync(id, "ann", Scene.Stop);

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(("""{"attempt":2}""", null), (done.StateVars, done.LastError));
        await scene.HistoryHasAsync(id, "RETRIED Work: Retried at once (by ann)");
        var late = await scene.Engine.Interventions.RetryAsync(id, "ann", Scene.Stop);
        Assert.Equal(OperationVerdict.Conflict, late.Verdict);
    }
}

/// <summary>An ended workflow runs again with other variables, as a step with a new key.</summary>
internal sealed class RunsAgain : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Greeter>();

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"city":"Oslo","old":1}""");

        var result = await scene.Engine.Interventions.RunAgainAsync(
            new()
            {
                WorkflowId = done.Id,
                State = "Greet",
                Variables = [new("city", "\"Rome\""), new("old", null)],
                Actor = "ann",
            },
            Scene.Stop
        );

        Assert.Equal(OperationVerdict.Changed, result.Verdict);
        var again = await scene.UntilAsync(done.Id, WorkflowStatus.Finished);
        Assert.Equal("""{"city":"Rome"}""", again.StateVars);
        Assert.Equal(["one:1 Oslo", "one:3 Rome"], scene.Notes.Lines);
        await scene.HistoryHasAsync(done.Id, "RUN_AGAIN Done: Runs again from Greet (by ann)");
        await scene.HistoryHasAsync(done.Id, "LOG Greet: Removed state var: old (by ann)");
    }

    [Workflow(nameof(RunsAgain))]
    private sealed class Greeter(Notebook notes) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Greet))]
        public NextState Begin() => GoTo(nameof(Greet));

        [State, GoesTo(Done)]
        public NextState Greet()
        {
            notes.Write($"{Step.StepKey} {Variables["city"]}");
            return GoTo(Done);
        }
    }
}
