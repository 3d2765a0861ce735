using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Behaviour;

/// <summary>An undeclared transition is an error, and the step is discarded.</summary>
internal sealed class UndeclaredTransition : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Work", Work, ["Work", "Ask"]).Manual("Ask", "Done").End("Done").Build());

    private static NextState Work(StepContext step)
    {
        step.Variables["x"] = "1";
        return GoTo(step.Variables["target"]!);
    }

    protected override async Task PlayAsync(Scene scene)
    {
        foreach (var target in new[] { "Done", "Elsewhere" })
        {
            var variables = $$"""{"target":"{{target}}"}""";
            var stopped = await scene.UntilAsync(
                await scene.CreateAsync(variables, externalId: target),
                WorkflowStatus.Error
            );

            Assert.Equal(("Work", variables, 0), (stopped.State, stopped.StateVars, stopped.Step));
            await scene.HistoryHasAsync(
                stopped.Id,
                $"ERROR Invalid Transition: 'Work' may go to Work, Ask, but asked for '{target}'"
            );
        }
    }
}

/// <summary>A target without a name is a failed attempt.</summary>
internal sealed class EmptyTarget : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine().Retry(RetryPolicy.None).Start("Work", _ => GoTo(" "), ["Done"]).End("Done").Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var failed = await scene.RunAsync(WorkflowStatus.Failed);

        Assert.StartsWith("ERROR Work: ArgumentException: ", (await scene.Engine.HistoryAsync(failed.Id))[1]);
    }
}

/// <summary>A function that returns null fails, whether synchronous or asynchronous.</summary>
internal sealed class NullResult : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.None)
                .Start("Work", step => step.Variables.Contains("later") ? GoTo("Later") : null!, ["Later"])
                .State("Later", _ => Task.FromResult<NextState>(null!), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        foreach (var (variables, state) in new[] { ("{}", "Work"), ("""{"later":true}""", "Later") })
        {
            var failed = await scene.UntilAsync(
                await scene.CreateAsync(variables, externalId: state),
                WorkflowStatus.Failed
            );

            await scene.HistoryHasAsync(
                failed.Id,
                $"ERROR {state}: InvalidOperationException: State '{state}' returned null instead of a NextState."
            );
        }
    }
}

/// <summary>A workflow in a state that its definition does not have.</summary>
internal sealed class LostState : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Work", _ => GoTo("Done"), ["Done"]).End("Done").Build());

    protected override async Task PlayAsync(Scene scene)
    {
        var version = Assert.Single(scene.Engine.Registry.All).Version;
        var lost = new NewWorkflow
        {
            ExternalId = "lost",
            WorkflowType = Name,
            Version = version,
            BusinessKey = "k",
            ExecutorGroup = "default",
            State = "Gone",
            NextActivation = scene.Now,
        };
        var written = await scene.Engine.Store.WriteAsync(
            new WriteBatch([lost], [], ExecutorId: 99, scene.Now),
            Scene.Stop
        );
        scene.Engine.Clock.Advance(Options.CheckDbInterval);

        var stopped = await scene.UntilAsync(written.Creates[0].Id, WorkflowStatus.Error);

        Assert.Equal(
            $"ERROR Missing State: LostState version {version} has no state 'Gone' (the workflow started on version {version})",
            (await scene.Engine.HistoryAsync(stopped.Id))[^1]
        );
    }
}
