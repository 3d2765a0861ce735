using GopherFlow.Operations;
using GopherFlow.Rules;

namespace GopherFlow.Behaviour;

/// <summary>A state that follows at once, the variables of both, and the history.</summary>
internal sealed class GoingOn : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<InTwoSteps>();

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal("Done", done.State);
        Assert.Equal("""{"first":"ran","second":"after ran"}""", done.StateVars);
        Assert.Equal((2, 2, 0, null), (done.Step, done.ExecutionCount, done.RetryCount, done.ExecutorId));
        await scene.HistoryIsAsync(
            done.Id,
            "CREATED First: Created",
            "TRANSITION First: From First to Second",
            "LOG Second: on we go",
            "TRANSITION Second: From Second to Done",
            "END Done: workflow complete"
        );
    }

    [Workflow(nameof(GoingOn), "From state to state")]
    private sealed class InTwoSteps : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Second))]
        public NextState First()
        {
            Variables["first"] = "ran";
            return GoTo(nameof(Second)).Log("on we go");
        }

        [State, GoesTo(Done)]
        public NextState Second()
        {
            Variables["second"] = $"after {Variables["first"]}";
            return GoTo(Done);
        }
    }
}

/// <summary>A state that follows itself.</summary>
internal sealed class SelfLoop : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Count", Count, ["Count", "Done"]).End("Done").Build());

    private static NextState Count(StepContext step)
    {
        var count = step.Variables.Get("count", 0) + 1;
        step.Variables.Set("count", count);
        return GoTo(count < 3 ? "Count" : "Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal(("""{"count":3}""", 3), (done.StateVars, done.Step));
        await scene.HistoryIsAsync(
            done.Id,
            "CREATED Count: Created",
            "TRANSITION Count: From Count to Count",
            "TRANSITION Count: From Count to Count",
            "TRANSITION Count: From Count to Done",
            "END Done: workflow complete"
        );
    }
}

/// <summary>Log lines of the author with any characters; an empty line is not logged.</summary>
internal sealed class LogLines : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Odd", _ => GoTo("Empty").Log("a\0b '\"\\ 🦫\nnext line"), ["Empty"])
                .State("Empty", _ => GoTo("Twice").Log(""), ["Twice"])
                .State("Twice", _ => GoTo("Done").Log("the first").Log("the last"), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal(
            ["LOG Empty: a\uFFFDb '\"\\ 🦫\nnext line", "LOG Done: the last"],
            (await scene.Engine.HistoryAsync(done.Id)).Where(entry => entry.StartsWith("LOG", StringComparison.Ordinal))
        );
    }
}

/// <summary>The type of the reached state determines the status.</summary>
internal sealed class EndOrError : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Work", step => GoTo(step.Variables["target"]!), ["Done", "Bad", "Ask"])
                .Manual("Ask")
                .Error("Bad")
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        foreach (
            var (target, status, text) in new[]
            {
                ("Done", WorkflowStatus.Finished, "workflow complete"),
                ("Bad", WorkflowStatus.Error, "workflow complete"),
                ("Ask", WorkflowStatus.Waiting, "waits for a person"),
            }
        )
        {
            var id = await scene.CreateAsync($$"""{"target":"{{target}}"}""", externalId: target);
            var ended = await scene.UntilAsync(id, status);
            Assert.Equal((target, status.IsFinal()), (ended.State, ended.Finished is not null));
            await scene.HistoryHasAsync(id, $"END {target}: {text}");
        }
    }
}

/// <summary>A manual state: a person moves the workflow and sets a variable with the move.</summary>
internal sealed class ManualMove : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Work", step => GoTo(step.Variables["answer"] == "yes" ? "Done" : "Ask"), ["Ask", "Done"])
                .Manual("Ask", "Work", "Done")
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var waiting = await scene.RunAsync(WorkflowStatus.Waiting);
        scene.Engine.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(waiting, await scene.Engine.FindAsync(waiting.Id));

        await Assert.ThrowsAsync<RejectedRequestException>(() => MoveAsync(scene, waiting.Id, "Nowhere"));
        var moved = await MoveAsync(scene, waiting.Id, "Work");

        Assert.Equal(OperationVerdict.Changed, moved.Verdict);
        var done = await scene.UntilAsync(waiting.Id, WorkflowStatus.Finished);
        Assert.Equal(3, done.Step);
        await scene.HistoryIsAsync(
            done.Id,
            "CREATED Work: Created",
            "TRANSITION Work: From Work to Ask",
            "END Ask: waits for a person",
            "LOG Ask: User Manually Changed State :Work (by ann)",
            "LOG Work: Updated state var: answer (by ann)",
            "TRANSITION Work: From Work to Done",
            "END Done: workflow complete"
        );
    }

    private static Task<OperationResult> MoveAsync(Scene scene, long id, string state) =>
        scene.Engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = id,
                State = state,
                Variables = [new VariableChange("answer", "\"yes\"")],
                Actor = "ann",
            },
            Scene.Stop
        );
}
