using GopherFlow.Rules;

namespace GopherFlow.Behaviour;

/// <summary>One workflow per customer at a time; other customers do not wait.</summary>
internal sealed class OneForEachKey : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Charges>();

    protected override async Task PlayAsync(Scene scene)
    {
        var first = await scene.CreateAsync("""{"customer":"ann","gate":"first"}""", "first");
        await scene.Gates.ReachedAsync("first");
        var second = await scene.CreateAsync("""{"customer":"ann","gate":"second"}""", "second");
        var other = await scene.CreateAsync("""{"customer":"bob","gate":"other"}""", "other");
        await scene.Gates.ReachedAsync("other");

        var waiting = await scene.Engine.UntilAsync(
            second,
            workflow => workflow is { Status: WorkflowStatus.InProgress, Permit: Permit.Needed }
        );
        Assert.Equal(("Charge", "ann"), (waiting.State, waiting.LimitKey));
        Assert.Equal(Storage.WaitReason.Limit, Storage.WaitReasons.Of(waiting, scene.Now));

        scene.Gates.Open("first");
        await scene.Gates.ReachedAsync("second");
        scene.Gates.Open("second");
        scene.Gates.Open("other");
        foreach (var id in (long[])[first, second, other])
        {
            await scene.UntilAsync(id, WorkflowStatus.Finished);
        }
    }

    [Workflow(nameof(OneForEachKey))]
    private sealed class Charges(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Charge))]
        public NextState Begin() => GoTo(nameof(Charge)).WithLimitKey(Variables["customer"]!);

        [State, GoesTo(Done), Concurrency(1, PerKey = true)]
        public async Task<NextState> Charge()
        {
            await gates.PassAsync(Variables["gate"]!);
            return GoTo(Done);
        }
    }
}

/// <summary>A workflow that continues at once keeps the permit of its type; one that waits releases it.</summary>
internal sealed class OneAtATime : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Prints>();

    protected override async Task PlayAsync(Scene scene)
    {
        var first = await scene.CreateAsync("""{"gate":"first"}""", "first");
        await scene.Gates.ReachedAsync("first");
        var second = await scene.CreateAsync("""{"gate":"second"}""", "second");
        scene.Gates.Open("first");
        await scene.Gates.ReachedAsync("first, again");
        Assert.Equal(WorkflowStatus.New, (await scene.Engine.FindAsync(second)).Status);

        scene.Gates.Open("first, again");
        await scene.Gates.ReachedAsync("second");
        await scene.ParkedAsync(first, "Last", TimeSpan.FromHours(1));
        scene.Gates.Open("second");
        await scene.Gates.ReachedAsync("second, again");
        scene.Engine.Clock.Advance(TimeSpan.FromHours(1));
        scene.Gates.Open("second, again");
        await scene.UntilAsync(first, WorkflowStatus.Finished);
        await scene.PassAsync(second, "Last", TimeSpan.FromHours(1));
        await scene.UntilAsync(second, WorkflowStatus.Finished);
    }

    [Workflow(nameof(OneAtATime)), Concurrency(1)]
    private sealed class Prints(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Again))]
        public async Task<NextState> Begin()
        {
            await gates.PassAsync(Variables["gate"]!);
            return GoTo(nameof(Again));
        }

        [State, GoesTo(nameof(Last))]
        public async Task<NextState> Again()
        {
            await gates.PassAsync($"{Variables["gate"]}, again");
            return GoTo(nameof(Last)).After(TimeSpan.FromHours(1));
        }

        [State, GoesTo(Done)]
        public NextState Last() => GoTo(Done);
    }
}

/// <summary>A limited number of workflows begin per minute; the others begin later.</summary>
internal sealed class TwoAMinute : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine().RateLimit(2, Per.Minute).Start("Work", _ => GoTo("Done"), ["Done"]).End("Done").Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        await scene.UntilAsync(await scene.CreateAsync(externalId: "first"), WorkflowStatus.Finished);
        await scene.UntilAsync(await scene.CreateAsync(externalId: "second"), WorkflowStatus.Finished);
        var third = await scene.CreateAsync(externalId: "third");
        await scene.Engine.RestAsync();
        Assert.Equal(WorkflowStatus.New, (await scene.Engine.FindAsync(third)).Status);

        scene.Engine.Clock.Advance(TimeSpan.FromSeconds(30));
        await scene.UntilAsync(third, WorkflowStatus.Finished);
    }
}
