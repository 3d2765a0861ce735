namespace GopherFlow.Behaviour;

/// <summary>A workflow that fails permanently compensates its completed states in reverse order, by steps with normal retries.</summary>
internal sealed class UndoesInReverse : Scenario
{
    public override IReadOnlyList<StoreKind> Stores => StoreKinds.Here;

    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Trip>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();

        var undone = await scene.UntilAsync(id, WorkflowStatus.Error);

        Assert.Equal(("Cancelled", """{"nights":2}"""), (undone.State, undone.StateVars));
        Assert.Equal(
            [
                "CancelHotel one:2 1",
                "CancelHotel one:2 2",
                "CancelHotel one:1 1",
                "CancelHotel one:1 2",
                "CancelFlight one:0 1",
                "CancelFlight one:0 2",
            ],
            scene.Notes.Lines
        );
        Assert.Equal(
            [
                "TRANSITION BookFlight: From BookFlight to BookHotel",
                "TRANSITION BookHotel: From BookHotel to BookHotel",
                "TRANSITION BookHotel: From BookHotel to RentCar",
                "ERROR RentCar: NotRetryableException: no car",
                "TRANSITION RentCar: From RentCar to GiveUp",
                "TRANSITION GiveUp: From GiveUp to CancelHotel",
                "LOG CancelHotel: no trip",
                "ERROR CancelHotel: InvalidOperationException: once",
                "TRANSITION CancelHotel: From CancelHotel to CancelHotel",
                "ERROR CancelHotel: InvalidOperationException: once",
                "TRANSITION CancelHotel: From CancelHotel to CancelFlight",
                "ERROR CancelFlight: InvalidOperationException: once",
                "TRANSITION CancelFlight: From CancelFlight to Cancelled",
            ],
            (await scene.Engine.HistoryAsync(id)).Where(line => line.Split(' ')[0] is "TRANSITION" or "ERROR" or "LOG")
        );
    }

    [Workflow(nameof(UndoesInReverse))]
    private sealed class Trip(Notebook notes) : Workflow
    {
        protected override RetryPolicy Retry => RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero);

        [Start, GoesTo(nameof(BookHotel)), Compensate(nameof(CancelFlight))]
        public NextState BookFlight() => GoTo(nameof(BookHotel));

        [State, GoesTo(nameof(BookHotel), nameof(RentCar)), Compensate(nameof(CancelHotel))]
        public NextState BookHotel()
        {
            var nights = Variables.Get("nights", 0) + 1;
            Variables.Set("nights", nights);
            return GoTo(nights < 2 ? nameof(BookHotel) : nameof(RentCar));
        }

        [State, GoesTo(Booked)]
        public NextState RentCar() => throw new NotRetryableException("no car");

        [State, OnFailure, GoesTo(Cancelled)]
        public NextState GiveUp() => Compensate(then: Cancelled).Log("no trip");

        [State]
        public NextState CancelHotel() => NoteAndUndo();

        [State]
        public NextState CancelFlight() => NoteAndUndo();

        [End]
        public const string Booked = "Booked";

        [Error]
        public const string Cancelled = "Cancelled";

        private NextState NoteAndUndo()
        {
            notes.Write($"{Step.State} {Step.Undoes} {Step.Attempt}");
            return Step.Attempt == 1 ? throw new InvalidOperationException("once") : Undone();
        }
    }
}

/// <summary>A cancelled workflow compensates its completed states, started by its clean-up state.</summary>
internal sealed class CancelUndoes : Scenario
{
    public override IReadOnlyList<StoreKind> Stores => StoreKinds.Here;

    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Stay>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        var parked = await scene.ParkedAsync(id, "Arrive", TimeSpan.FromDays(1));
        Assert.Equal(
            """{"rooms":2,"$undo":{"done":[{"state":"Reserve","step":0},{"state":"Pay","step":1}]}}""",
            parked.StateVars
        );

        await scene.Engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Scene.Stop);

        var undone = await scene.UntilAsync(id, WorkflowStatus.Error);
        Assert.Equal(("GivenBack", """{"rooms":0}"""), (undone.State, undone.StateVars));
        await scene.HistoryHasAsync(id, "CANCELLED Arrive: Cancelled, cleans up in Cancel (by ann)");
        await scene.HistoryHasAsync(id, "TRANSITION Refund: From Refund to Free");
        await scene.HistoryHasAsync(id, "TRANSITION Free: From Free to GivenBack");
    }

    [Workflow(nameof(CancelUndoes))]
    private sealed class Stay : Workflow
    {
        [Start, GoesTo(nameof(Pay)), Compensate(nameof(Free))]
        public NextState Reserve()
        {
            Variables.Set("rooms", 2);
            return GoTo(nameof(Pay));
        }

        [State, GoesTo(nameof(Arrive)), Compensate(nameof(Refund))]
        public NextState Pay() => GoTo(nameof(Arrive)).After(TimeSpan.FromDays(1));

        [State, GoesTo(Done)]
        public NextState Arrive() => GoTo(Done);

        [State, OnCancel, GoesTo(GivenBack)]
        public NextState Cancel() => Compensate(then: GivenBack);

        [State]
        public NextState Refund() => Undone();

        [State]
        public NextState Free()
        {
            Variables.Set("rooms", 0);
            return Undone();
        }

        [End]
        public const string Done = "Done";

        [Error]
        public const string GivenBack = "GivenBack";
    }
}

/// <summary>A failed compensation fails the workflow in that state. After a retry by hand, it continues from there.</summary>
internal sealed class UndoFailsForGood : Scenario
{
    public override IReadOnlyList<StoreKind> Stores => StoreKinds.Here;

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.None)
                .OnFailure("GiveUp")
                .Start("Pay", _ => GoTo("Ship"), ["Ship"])
                .State("Ship", Ship, ["Done"])
                .State("GiveUp", _ => NextState.Compensate("Returned"), ["Returned"])
                .State("Refund", Refund, [])
                .Compensate("Pay", by: "Refund")
                .End("Done")
                .Error("Returned")
                .Build()
        );

    private static NextState Ship(StepContext step) => throw new NotRetryableException("no truck");

    private static NextState Refund(StepContext step) =>
        step.Variables.Contains("bank") ? NextState.Undone() : throw new NotRetryableException("no bank");

    protected override async Task PlayAsync(Scene scene)
    {
        var failed = await scene.RunAsync(WorkflowStatus.Failed);
        Assert.Equal(
            ("Refund", """{"$undo":{"done":[{"state":"Pay","step":0}],"then":"Returned"}}"""),
            (failed.State, failed.StateVars)
        );

        await scene.Engine.Interventions.ChangeVariablesAsync(failed.Id, [new("bank", "true")], "ann", Scene.Stop);
        await scene.Engine.Interventions.RetryAsync(failed.Id, "ann", Scene.Stop);

        var undone = await scene.UntilAsync(failed.Id, WorkflowStatus.Error);
        Assert.Equal(("Returned", """{"bank":true}"""), (undone.State, undone.StateVars));
    }
}
