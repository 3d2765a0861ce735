using GopherFlow.Rules;

namespace GopherFlow.Behaviour;

/// <summary>A state waits for a signal and reads its payload as a custom type.</summary>
internal sealed class SignalPayload : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Order>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        var waiting = await scene.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal(("Ship", null), (waiting.State, waiting.NextActivation));
        scene.Engine.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(waiting, await scene.Engine.FindAsync(id));

        await scene.SendAsync(id, "paid", """{"amount":12.5,"method":"Card","note":null}""", key: "payment 7");

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"before":"False","paid":"paid 'payment 7' True: 12.5 by Card, no note"}""", Unescaped(done));
        await scene.HistoryIsAsync(
            id,
            "CREATED Bill: Created",
            "TRANSITION Bill: From Bill to Ship",
            "SCHEDULE_ACTIVATION Ship: when signalled: paid",
            "SIGNAL paid: Signal paid (by ann)",
            "SIGNAL_TAKEN paid: Signal paid taken",
            "TRANSITION Ship: From Ship to Done",
            "END Done: workflow complete"
        );
    }

    private static string Unescaped(WorkflowRecord workflow) => workflow.StateVars.Replace("\\u0027", "'");

    [Workflow(nameof(SignalPayload))]
    private sealed class Order : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Ship))]
        public NextState Bill()
        {
            Variables["before"] = $"{Signal is not null}";
            return WaitFor("paid").Then(nameof(Ship));
        }

        [State, GoesTo(Done)]
        public NextState Ship()
        {
            var signal = Signal!;
            var payment = signal.Get<Payment>();
            Variables["paid"] =
                $"{signal.Name} '{signal.Key}' {signal.Sent == Step.Clock.GetUtcNow()}: "
                + $"{payment.Amount} by {payment.Method}, {payment.Note ?? "no note"}";
            return GoTo(Done);
        }
    }

    private enum Method
    {
        Cash,
        Card,
    }

    private sealed record Payment(decimal Amount, Method Method, string? Note);
}

/// <summary>A signal sent before the wait is kept, so the workflow does not wait for it.</summary>
internal sealed class SignalSentBefore : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Bill", _ => GoTo("Pack").After(TimeSpan.FromHours(1)), ["Pack"])
                .State("Pack", _ => WaitFor("paid").Then("Ship"), ["Ship"])
                .State("Ship", Ship, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Ship(StepContext step)
    {
        step.Variables.Set("paid", step.Signal!.Get<int>());
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        var parked = await scene.ParkedAsync(id, "Pack", TimeSpan.FromHours(1));

        await scene.SendAsync(id, "paid", "7");

        Assert.Equal(parked.NextActivation, (await scene.Engine.FindAsync(id)).NextActivation);
        scene.Engine.Clock.Advance(TimeSpan.FromHours(1));
        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"paid":7}""", done.StateVars);
    }
}

/// <summary>The first of several signals is taken. The others are kept for a later state that waits for them.</summary>
internal sealed class FirstSignal : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Ask", _ => WaitFor("yes", "no").Then("Hear"), ["Hear"])
                .State("Hear", Hear, ["Hear", "Done"])
                .End("Done")
                .Build()
        );

    private static NextState Hear(StepContext step)
    {
        var heard = $"{step.Variables["heard"]}{step.Signal!.Name} ";
        step.Variables["heard"] = heard;
        return heard == "no " ? WaitFor("yes").Then("Hear") : GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.UntilAsync(id, WorkflowStatus.InProgress);
        await scene.Engine.Interventions.PauseAsync(id, "ann", Scene.Stop);
        foreach (var name in new[] { "other", "no", "yes" })
        {
            await scene.SendAsync(id, name);
        }

        await scene.Engine.Interventions.ResumeAsync(id, "ann", Scene.Stop);

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"heard":"no yes "}""", done.StateVars);
        await scene.HistoryHasAsync(id, "SCHEDULE_ACTIVATION Hear: when signalled: yes or no");
    }
}

/// <summary>A repeated signal with the same key changes nothing.</summary>
internal sealed class RepeatedKey : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Begin", _ => WaitFor("paid").Then("Count"), ["Count"])
                .State("Count", Count, ["Count", "Done"])
                .End("Done")
                .Build()
        );

    private static NextState Count(StepContext step)
    {
        var total = step.Variables.Get("total", 0) + step.Signal!.Get<int>();
        step.Variables.Set("total", total);
        return total < 5 ? WaitFor("paid").Then("Count") : GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.UntilAsync(id, WorkflowStatus.InProgress);

        await scene.SendAsync(id, "paid", "2", key: "a");
        var counted = await scene.Engine.UntilAsync(id, workflow => workflow is { Step: 2, ExecutorId: null });
        await scene.SendAsync(id, "paid", "2", key: "a");
        Assert.Equal(counted, await scene.Engine.FindAsync(id));
        await scene.SendAsync(id, "paid", "3", key: "b");

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"total":5}""", done.StateVars);
        Assert.Equal(
            2,
            (await scene.Engine.HistoryAsync(id)).Count(entry => entry == "SIGNAL paid: Signal paid (by ann)")
        );
    }
}
