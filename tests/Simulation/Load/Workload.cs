namespace GopherFlow.Simulation;

/// <summary>The definitions of the simulation. Their functions act at random, so each attempt may differ.</summary>
internal sealed class Workload
{
    public const string Errand = "Errand";

    public const string Reporter = "Reporter";
    public const string Family = "Family";
    public const string Watch = "Watch";
    public const string Parcel = "Parcel";
    public const string Form = "Form";
    public const string Ticket = "Ticket";

    /// <summary>The state of tickets that has a limit.</summary>
    public const string Seat = "Seat";

    public const int Seats = 2;

    public const string Meter = "Meter";

    /// <summary>Started only by schedules.</summary>
    public const string Tick = "Tick";

    /// <summary>The versions of errands and of parcels differ in the name of one state.</summary>
    public static readonly IReadOnlyList<string> Versions = ["1", "2"];

    /// <summary>The types that callers create.</summary>
    public static readonly IReadOnlyList<string> Roots = [Errand, Family, Watch, Parcel, Form, Ticket, Meter];

    /// <summary>The names of the signals. No workflow waits for the last one.</summary>
    public static readonly IReadOnlyList<string> Signals = ["paid", "refused", "seen"];

    /// <summary>Runs only with a signal, so no workflow is moved there by hand.</summary>
    private const string Take = "Take";

    /// <summary>Longer than any run, so a timer does not help a parent that is not woken.</summary>
    private static readonly TimeSpan Forever = TimeSpan.FromHours(10);

    private static readonly RetryPolicy Few = RetryPolicy.Linear(
        2,
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromSeconds(2)
    );

    private static readonly RetryPolicy Many = RetryPolicy.Exponential(
        100,
        TimeSpan.FromMilliseconds(50),
        TimeSpan.FromSeconds(2)
    );

    private readonly SimulatedWorld world;
    private readonly Chance chance;

    public Workload(SimulatedWorld world, FunctionWatch watch, EffectWatch course)
    {
        Course = course;
        this.world = world;
        Functions = watch;
        chance = world.Chance;
        Registry = DefinitionRegistry.Of([
            ErrandDefinition(Versions[0], "Nap"),
            ErrandDefinition(Versions[1], "Doze"),
            ParcelDefinition(Versions[0], "Late"),
            ParcelDefinition(Versions[1], "Overdue"),
            FormDefinition(),
            MeterDefinition(),
            TickDefinition(),
            ReporterDefinition(),
            FamilyDefinition(),
            WatchDefinition(),
            TicketDefinition(),
        ]);
    }

    public DefinitionRegistry Registry { get; }

    /// <summary>Watches every function.</summary>
    public FunctionWatch Functions { get; }

    /// <summary>Tracks the effects of people and signals.</summary>
    public EffectWatch Course { get; }

    /// <summary>The table that OnCommit callbacks write to.</summary>
    public required SideTable SideTable { get; init; }

    private bool CalmedDown { get; set; }

    /// <summary>Makes attempts stop failing, so that everything can finish.</summary>
    public void CalmDown() => CalmedDown = true;

    /// <summary>The definition of a workflow.</summary>
    public WorkflowDefinition Find(WorkflowRecord workflow) =>
        Registry.OfProgram.First(definition =>
            definition.Name == workflow.WorkflowType && definition.Version == workflow.Version
        );

    /// <summary>The state that a workflow is in.</summary>
    public StateDefinition StateOf(WorkflowRecord workflow) =>
        Find(workflow).States.First(state => state.Name == workflow.State);

    /// <summary>The states to which a person may move a workflow. A reporter is never moved past its report.</summary>
    public static IReadOnlyList<StateDefinition> TargetsOf(WorkflowDefinition definition) =>
        [.. definition.States.Where(state => state.Name != Take && (definition.Name != Reporter || state.Runs))];

    private WorkflowDefinition ErrandDefinition(string version, string nap) =>
        WorkflowDefinitionBuilder
            .Named(Errand)
            .Version(version)
            .Retry(Few)
            .Start("Init", Functions.Watched(step => RunAsync(step, 0.1, () => GoTo("Work"))), ["Work"])
            .State(
                "Work",
                Functions.Watched(step => RunAsync(step, 0.1, () => AfterWork(nap))),
                ["Work", nap, "Ask", "Check", "Done", "Bad"]
            )
            .State(
                nap,
                Functions.Watched(step => RunAsync(step, 0, () => Later(GoTo(chance.One(["Work", "Check"]))))),
                ["Work", "Check"]
            )
            .State(
                "Check",
                Functions.Watched(step => HurryAsync(step, nap)),
                [nap, "Done"],
                timeout: TimeSpan.FromMilliseconds(400)
            )
            .Manual("Ask", "Check", "Done")
            .Error("Bad")
            .End("Done")
            .Build();

    /// <summary>Waits for signals, mostly with a deadline, and cleans up when it is cancelled.</summary>
    private WorkflowDefinition ParcelDefinition(string version, string late) =>
        WorkflowDefinitionBuilder
            .Named(Parcel)
            .Version(version)
            .Retry(Many)
            .OnCancel("Tidy")
            .Start("Pack", Functions.Watched(step => RunAsync(step, 0.1, () => Awaiting(late))), [Take, "Desk", late])
            .State(Take, Functions.Watched(step => TakeAsync(step, late)), ["Pack", Take, "Desk", late, "Done"])
            .State(
                late,
                Functions.Watched(step =>
                    RunAsync(step, 0.1, () => chance.Hit(0.5) ? Perhaps(GoTo("Pack")) : GoTo("Done"))
                ),
                ["Pack", "Done"]
            )
            .State("Tidy", Functions.Watched(step => RunAsync(step, 0.3, () => Perhaps(GoTo("Gone")))), ["Gone"])
            .Manual("Desk", "Pack", "Done", late)
            .End("Done")
            .End("Gone")
            .Build();

    /// <summary>Waits for a person, mostly with a deadline.</summary>
    private WorkflowDefinition FormDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Form)
            .Retry(Many)
            .Start(
                "Fill",
                Functions.Watched(step => RunAsync(step, 0.1, () => Limited(GoTo("Ask"), "Escalate"))),
                ["Ask"]
            )
            .Manual("Ask", "Approve", "Escalate", "Done")
            .State("Approve", Functions.Watched(step => RunAsync(step, 0.1, () => Perhaps(GoTo("Done")))), ["Done"])
            .State(
                "Escalate",
                Functions.Watched(step => RunAsync(step, 0.1, () => GoTo(chance.Hit(0.3) ? "Fill" : "Done"))),
                ["Fill", "Done"]
            )
            .End("Done")
            .Build();

    /// <summary>Begins anew a few times, where a real workflow would do so forever.</summary>
    private WorkflowDefinition MeterDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Meter)
            .Retry(Many)
            .Start("Open", Functions.Watched(step => RunAsync(step, 0.1, () => Perhaps(GoTo("Read")))), ["Read"])
            .State(
                "Read",
                Functions.Watched(step => RunAsync(step, 0.1, () => AfterReading(step))),
                ["Open", "Read", "Done"]
            )
            .End("Done")
            .Build();

    private WorkflowDefinition TickDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Tick)
            .Retry(Many)
            .Start("Run", Functions.Watched(step => RunAsync(step, 0.1, () => Perhaps(GoTo("Done")))), ["Done"])
            .End("Done")
            .Build();

    private WorkflowDefinition ReporterDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Reporter)
            .Retry(Many)
            .Start("Init", Functions.Watched(step => RunAsync(step, 0.1, () => Perhaps(GoTo("Work")))), ["Work"])
            .State("Work", Functions.Watched(step => RunAsync(step, 0.2, () => GoTo("Done").WakeParent())), ["Done"])
            .End("Done")
            .Build();

    private WorkflowDefinition FamilyDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Family)
            .Retry(Many)
            .Start(
                "Init",
                Functions.Watched(step => RunAsync(step, 0.1, () => Founded(step))),
                ["Between", "Joined", "Late"]
            )
            .State("Between", Functions.Watched(step => RunAsync(step, 0.1, Joining)), ["Joined", "Late"])
            .State("Late", Functions.Watched(step => RunAsync(step, 0.1, () => GoTo("Done"))), ["Done"])
            .State("Joined", Functions.Watched(JoinedAsync), ["Done"])
            .End("Done")
            .Build();

    private WorkflowDefinition WatchDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Watch)
            .Retry(Many)
            .Start(
                "Init",
                Functions.Watched(step => RunAsync(step, 0.1, () => Parked(Children(GoTo("Look"), Reporter, 0)))),
                ["Look"]
            )
            .State("Look", Functions.Watched(LookAsync), ["Look", "Done"])
            .End("Done")
            .Build();

    /// <summary>Has limits: two at once, one per key, and a rate per second.</summary>
    private WorkflowDefinition TicketDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Ticket)
            .Retry(Many)
            .Concurrency(Seats, state: Seat)
            .Concurrency(1, perKey: true, state: Seat)
            .RateLimit(5, Per.Second, state: "Stamp")
            .Start(
                "Queue",
                Functions.Watched(step =>
                    RunAsync(step, 0.1, () => Perhaps(GoTo(Seat).WithLimitKey(chance.One(["a", "b", "c"]))))
                ),
                [Seat]
            )
            .State(
                Seat,
                Functions.Watched(step =>
                    RunAsync(step, 0.2, () => Perhaps(GoTo(chance.One([Seat, "Stamp", "Stamp", "Done"]))))
                ),
                [Seat, "Stamp", "Done"]
            )
            .State("Stamp", Functions.Watched(step => RunAsync(step, 0.1, () => GoTo("Done"))), ["Done"])
            .End("Done")
            .Build();

    private static NextState GoTo(string state) => NextState.GoTo(state);

    private NextState AfterWork(string nap) =>
        chance.Below(12) switch
        {
            < 3 => GoTo("Work"),
            < 5 => Later(GoTo(nap)),
            5 => GoTo("Ask"),
            < 8 => Perhaps(GoTo("Check")),
            8 => GoTo("Bad"),
            9 when chance.Hit(0.1) => GoTo("Nowhere"),
            9 => throw new NotRetryableException("This errand cannot be run at all."),
            _ => Perhaps(GoTo("Done")),
        };

    private NextState AfterReading(StepContext step) =>
        chance.Hit(0.3) ? GoTo("Done")
        : chance.Hit(0.3) ? GoTo("Read")
        : Perhaps(GoTo(chance.One(["Open", "Read"]))).ContinuingAnew(Ledger.BeginAnew(step));

    private NextState Later(NextState next) =>
        chance.Hit(0.5) ? next.After(chance.Milliseconds(8000)) : next.At(world.Now + chance.Milliseconds(8000));

    private NextState Perhaps(NextState next) => chance.Hit(0.3) ? Later(next) : next;

    private NextState Parked(NextState next) => chance.Hit(0.5) ? next.After(Forever) : next;

    private NextState Founded(StepContext step)
    {
        var depth = step.Variables.Get("depth", 0);
        return chance.Hit(0.5)
            ? Children(GoTo("Between"), Errand, depth)
            : Children(Joining(), chance.One([Errand, Parcel]), depth);
    }

    /// <summary>Joins the children, sometimes only until a deadline.</summary>
    private NextState Joining()
    {
        var joining = GoTo("Joined").WhenChildrenFinished();
        return chance.Hit(0.3) ? Limited(joining, "Late") : joining;
    }

    private NextState Limited(NextState next, string late) =>
        !chance.Hit(0.7) ? next
        : chance.Hit(0.5) ? next.OrAfter(chance.Milliseconds(10_000), late)
        : next.OrAt(world.Now + chance.Milliseconds(10_000), late);

    private NextState Awaiting(string late)
    {
        var wait = NextState.WaitFor(
            chance.One<string[]>([
                ["paid"],
                ["refused"],
                ["paid", "refused"],
            ])
        );
        wait = chance.Hit(0.6) ? wait.OrAfter(chance.Milliseconds(10_000), late) : wait;
        return wait.Then(chance.Hit(0.85) ? Take : "Desk");
    }

    private NextState Children(NextState next, string type, int depth) =>
        next.Spawn(
            Enumerable
                .Range(0, chance.Between(depth > 0 ? 0 : 1, 3))
                .Select(_ =>
                    new ChildRequest(depth > 0 && chance.Hit(0.4) ? Family : type, "child").With("depth", depth - 1)
                )
                .ToList()
        );

    private Task<NextState> TakeAsync(StepContext step, string late)
    {
        if (step.Signal is null)
        {
            world.Violated($"workflow {step.WorkflowId} is in {Take} without a signal");
        }

        return RunAsync(
            step,
            0.2,
            () =>
                chance.Below(10) switch
                {
                    < 4 => Awaiting(late),
                    4 => Limited(GoTo("Desk"), late),
                    5 => Perhaps(GoTo("Pack")),
                    _ => Perhaps(GoTo("Done")),
                }
        );
    }

    private async Task<NextState> RunAsync(StepContext step, double failing, Func<NextState> next)
    {
        Ledger.Enter(step);
        if (chance.Hit(0.1))
        {
            step.Cancellation.Register(static () => throw new InvalidOperationException("This token is cancelled."));
        }

        if (!CalmedDown && chance.Hit(0.03))
        {
            // Ignores its token for a while and holds its slot.
            await Task.Delay(chance.Milliseconds(15_000), step.Clock, CancellationToken.None);
        }

        await WorkAsync(step, chance.Milliseconds(1000), step.Cancellation);
        if (!CalmedDown && chance.Hit(failing))
        {
            throw new InvalidOperationException("This attempt fails.");
        }

        if (chance.Hit(0.15))
        {
            WriteBeside(step);
        }

        return next();
    }

    /// <summary>Writes a row with the commit. The callback may take long, fail, or hang.</summary>
    private void WriteBeside(StepContext step)
    {
        Ledger.EnterBeside(step);
        step.OnCommit(
            async (_, transaction, cancellation) =>
            {
                SideTable.Insert(transaction, step.StepKey);
                await WorkAsync(step, chance.Milliseconds(500), cancellation);
                if (!CalmedDown && chance.Hit(0.1))
                {
                    throw new InvalidOperationException("This callback fails.");
                }

                if (!CalmedDown && chance.Hit(0.1))
                {
                    await (
                        chance.Hit(0.5)
                            ? Task.Delay(Forever, step.Clock, cancellation)
                            : Task.Delay(chance.Milliseconds(15_000), step.Clock, CancellationToken.None)
                    );
                }
            }
        );
    }

    /// <summary>Sometimes exceeds its timeout, and then sometimes ignores its token.</summary>
    private async Task<NextState> HurryAsync(StepContext step, string nap)
    {
        Ledger.Enter(step);
        var tooSlow = !CalmedDown && chance.Hit(0.3);
        var ignoresToken = chance.Hit(0.3);
        await WorkAsync(
            step,
            tooSlow ? TimeSpan.FromSeconds(1) : chance.Milliseconds(300),
            ignoresToken ? CancellationToken.None : step.Cancellation
        );
        return chance.Hit(0.2) ? Later(GoTo(nap)) : GoTo("Done");
    }

    private async Task<NextState> JoinedAsync(StepContext step)
    {
        Ledger.Enter(step);
        var children = await step.GetChildrenAsync();
        if (
            !Course.MovedByHand.Contains(step.WorkflowId)
            && children.FirstOrDefault(child => !child.Status.IsFinal() && !Course.MovedByHand.Contains(child.Id))
                is { } open
        )
        {
            world.Violated($"workflow {step.WorkflowId} was joined while its child {open.Id} was {open.Status}");
        }

        return GoTo("Done");
    }

    /// <summary>Parks for very long unless every child has finished. The last child must wake it.</summary>
    private async Task<NextState> LookAsync(StepContext step)
    {
        Ledger.Enter(step);
        var children = await step.GetChildrenAsync();
        await WorkAsync(step, chance.Milliseconds(1000), step.Cancellation);
        return children.All(child => child.Status.IsFinal()) ? GoTo("Done") : GoTo("Look").After(Forever);
    }

    private async Task WorkAsync(StepContext step, TimeSpan time, CancellationToken cancellation)
    {
        if (chance.Hit(0.5))
        {
            await Task.Delay(time, step.Clock, cancellation);
        }
    }
}
