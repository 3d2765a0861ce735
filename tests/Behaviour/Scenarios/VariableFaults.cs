namespace GopherFlow.Behaviour;

/// <summary>A missing variable that a step needs is not retryable.</summary>
internal sealed class MissingVariable : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Check", Check, ["Ship", "Wait"]).End("Ship").End("Wait").Build());

    private static NextState Check(StepContext step) =>
        GoTo(step.Variables.Get<decimal>("paid") >= step.Variables.Get<decimal>("price") ? "Ship" : "Wait");

    protected override async Task PlayAsync(Scene scene)
    {
        var failed = await scene.RunAsync(WorkflowStatus.Failed, """{"customer":"ada","price":10}""");

        Assert.Equal(1, failed.ExecutionCount);
        await scene.HistoryIsAsync(
            failed.Id,
            "CREATED Check: Created",
            "ERROR Check: VariableException: There is no variable 'paid' to read as Decimal; there are customer, price.",
            "FAILED Check: The error is not retryable"
        );
    }
}

/// <summary>Optional variables are read with a fallback or with TryGet.</summary>
internal sealed class FallbackVariable : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Read", Read, ["Done"]).End("Done").Build());

    private static NextState Read(StepContext step)
    {
        var asked = step.Variables.TryGet<int>("gone", out var gone) ? $"{gone}" : "none";
        return GoTo("Done")
            .Log(
                $"{step.Variables.Get("gone", 7)} {step.Variables.Get("there", 7)} {step.Variables.Get("nothing", "-")} {asked}"
            );
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"there":3,"nothing":null}""");

        await scene.HistoryHasAsync(done.Id, "LOG Done: 7 3 - none");
    }
}

/// <summary>A variable of another type than the step reads.</summary>
internal sealed class UnreadableVariable : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Read", step => GoTo("Done").Log($"{step.Variables.Get<int>("count")}"), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var failed = await scene.RunAsync(WorkflowStatus.Failed, $$"""{"count":"{{new string('x', 100)}}"}""");

        Assert.Equal(1, failed.ExecutionCount);
        var history = await scene.Engine.HistoryAsync(failed.Id);
        Assert.StartsWith(
            $"ERROR Read: VariableException: Variable 'count' cannot be read as Int32: it is \"{new string('x', 79)}…. ",
            history[1]
        );
        Assert.Equal("FAILED Read: The error is not retryable", history[2]);
    }
}
