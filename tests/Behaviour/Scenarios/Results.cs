using GopherFlow.Operations;

namespace GopherFlow.Behaviour;

/// <summary>The last step of a workflow gives its result. A parent reads the results of its children without their variables.</summary>
internal sealed class ChildResults : Scenario
{
    private sealed record Price(string Item, decimal Amount);

    private sealed record Sum(decimal Total, int Count);

    private static readonly string[] Items = ["tea", "nothing", "milk"];

    public override IReadOnlyList<string> Scripts => [Name, "PricedChild"];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
                Machine()
                    .Output<Sum>()
                    .Start("Split", Split, ["Add"])
                    .State("Add", AddAsync, ["Done"])
                    .End("Done")
                    .Build()
            )
            .AddDefinition(
                WorkflowDefinitionBuilder
                    .Named("PricedChild")
                    .Output<Price>()
                    .Start("Ask", Ask, ["Done", "Bad"])
                    .End("Done")
                    .Error("Bad")
                    .Build()
            );

    private static NextState Split(StepContext step) =>
        GoTo("Add").Spawn(from item in Items select new ChildRequest("PricedChild", item)).WhenChildrenFinished();

    private static async Task<NextState> AddAsync(StepContext step)
    {
        var results = await step.GetChildResultsAsync();
        step.Variables["ends"] = string.Join(", ", results.Select(child => $"{child.BusinessKey} {child.State}"));
        var prices = results.Select(child => child.Output?.As<Price>()).OfType<Price>().ToList();
        return GoTo("Done").Returning(new Sum(prices.Sum(price => price.Amount), prices.Count));
    }

    private static NextState Ask(StepContext step) =>
        step.BusinessKey == "nothing" ? GoTo("Bad") : GoTo("Done").Returning(new Price(step.BusinessKey, 2.5m));

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"total":5.0,"count":2}""", done.Output);
        Assert.Equal("""{"ends":"tea Done, nothing Bad, milk Done"}""", done.StateVars);
        var children = await scene.ChildrenAsync(id);
        Assert.Equal(
            ["""{"item":"tea","amount":2.5}""", null, """{"item":"milk","amount":2.5}"""],
            children.Select(child => child.Output)
        );
    }
}

/// <summary>A create whose variables do not match the input type is rejected with the path of the error.</summary>
internal sealed class TypedInput : Scenario
{
    private sealed record Line(string Item, int Count);

    private sealed record Order(Line Line, string? Note = null);

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Input<Order>()
                .Start("Take", step => GoTo("Done").Log(step.Variables.Get<Line>("line").Item), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var missing = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            scene.CreateAsync("""{"note":"none"}""")
        );
        var wrong = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            scene.CreateAsync("""{"line":{"item":"tea","count":"many"}}""")
        );

        Assert.Equal("stateVars.line", Assert.Single(missing.Faults).Field);
        Assert.Contains("line", missing.Faults[0].Expected, StringComparison.Ordinal);
        Assert.Equal("stateVars.line.count", Assert.Single(wrong.Faults).Field);

        var id = await scene.CreateAsync("""{"line":{"item":"tea","count":2}}""");
        await scene.UntilAsync(id, WorkflowStatus.Finished);
        await scene.HistoryHasAsync(id, "LOG Done: tea");
    }
}

/// <summary>A workflow that loops forever begins anew, so its history does not grow, and it chooses the variables to keep.</summary>
internal sealed class BeginsAnew : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Poll", step => Count(step, "Sum"), ["Sum"])
                .State("Sum", Sum, ["Poll", "Done"])
                .End("Done")
                .Build()
        );

    private static NextState Count(StepContext step, string next)
    {
        step.Variables["noise"] = "x";
        return GoTo(next);
    }

    private static NextState Sum(StepContext step)
    {
        var round = step.Variables.Get("round", 0) + 1;
        var beginning = new Variables();
        beginning.Set("round", round);
        return round == 4 ? GoTo("Done") : GoTo("Poll").ContinuingAnew(beginning);
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"first":true}""");

        Assert.Equal(8, done.Step);
        Assert.Equal("""{"round":3,"noise":"x"}""", done.StateVars);
        await scene.HistoryIsAsync(
            done.Id,
            "CONTINUED_ANEW Sum: Continues anew in Poll",
            "TRANSITION Poll: From Poll to Sum",
            "CONTINUED_ANEW Sum: Continues anew in Poll",
            "TRANSITION Poll: From Poll to Sum",
            "TRANSITION Sum: From Sum to Done",
            "END Done: workflow complete"
        );
        var variables = await scene.Engine.Trace.VariablesAtAsync(done.Id, long.MaxValue, Scene.Stop);
        Assert.Equal(["noise", "round"], variables.Values.Keys.Order());
    }
}

/// <summary>A result can only be given by the step that ends the workflow. One of the wrong type fails permanently.</summary>
internal sealed class MisplacedResult : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Output<int>()
                .Retry(RetryPolicy.None)
                .Start("Work", Work, ["More", "Done"])
                .State("More", _ => GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Work(StepContext step) =>
        step.Variables["when"] == "early" ? GoTo("More").Returning(1) : GoTo("Done").Returning("text");

    protected override async Task PlayAsync(Scene scene)
    {
        var early = await scene.CreateAsync("""{"when":"early"}""", "early");
        var unfit = await scene.CreateAsync("""{"when":"at the end"}""", "unfit");

        var first = await scene.UntilAsync(early, WorkflowStatus.Failed);
        var second = await scene.UntilAsync(unfit, WorkflowStatus.Failed);

        Assert.Contains("'More', which does not end the workflow", first.LastError, StringComparison.Ordinal);
        Assert.Contains("The result of state 'Work' does not fit at '$'", second.LastError, StringComparison.Ordinal);
        Assert.Null(second.Output);
    }
}
