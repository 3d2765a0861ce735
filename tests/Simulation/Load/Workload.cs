namespace GopherFlow.Simulation;

/// <summary>The definitions that are run. What their functions do is left to chance, so each attempt may go another way.</summary>
internal sealed class Workload
{
    public const string Errand = "Errand";

    /// <summary>Its versions differ in the name of one state.</summary>
    public static readonly IReadOnlyList<string> ErrandVersions = ["1", "2"];

    public const string Reporter = "Reporter";
    public const string Family = "Family";
    public const string Watch = "Watch";

    /// <summary>Longer than any run: a parent that is not woken is not helped by its timer.</summary>
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

    public Workload(SimulatedWorld world, FunctionWatch watch)
    {
        this.world = world;
        Functions = watch;
        chance = world.Chance;
        Registry = DefinitionRegistry.Of([
            ErrandDefinition(ErrandVersions[0], "Nap"),
            ErrandDefinition(ErrandVersions[1], "Doze"),
            ReporterDefinition(),
            FamilyDefinition(),
            WatchDefinition(),
        ]);
    }

    public DefinitionRegistry Registry { get; }

    /// <summary>Watches every function.</summary>
    public FunctionWatch Functions { get; }

    /// <summary>Workflows that a person moved: they need not have gone the way that the author laid down.</summary>
    public HashSet<long> MovedByHand { get; } = [];

    /// <summary>Workflows that people changed in any way, which may have ended a claim that its executor does not know to be ended.</summary>
    public HashSet<long> ChangedByHand { get; } = [];

    /// <summary>Where OnCommit callbacks write.</summary>
    public required SideTable SideTable { get; init; }

    private bool CalmedDown { get; set; }

    /// <summary>No attempt fails any more, so everything comes to an end.</summary>
    public void CalmDown() => CalmedDown = true;

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
            .Start("Init", Functions.Watched(step => RunAsync(step, 0.1, () => Founded(step))), ["Between", "Joined"])
            .State(
                "Between",
                Functions.Watched(step => RunAsync(step, 0.1, () => GoTo("Joined").WhenChildrenFinished())),
                ["Joined"]
            )
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

    private NextState Later(NextState next) =>
        chance.Hit(0.5) ? next.After(chance.Milliseconds(8000)) : next.At(world.Now + chance.Milliseconds(8000));

    private NextState Perhaps(NextState next) => chance.Hit(0.3) ? Later(next) : next;

    private NextState Parked(NextState next) => chance.Hit(0.5) ? next.After(Forever) : next;

    private NextState Founded(StepContext step)
    {
        var depth = step.Variables.Get("depth", 0);
        return chance.Hit(0.5)
            ? Children(GoTo("Between"), Errand, depth)
            : Children(GoTo("Joined").WhenChildrenFinished(), Errand, depth);
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

    private async Task<NextState> RunAsync(StepContext step, double failing, Func<NextState> next)
    {
        Ledger.Enter(step);
        if (chance.Hit(0.1))
        {
            step.Cancellation.Register(static () => throw new InvalidOperationException("This token is cancelled."));
        }

        if (!CalmedDown && chance.Hit(0.03))
        {
            // Neither returns nor heeds its token for long, and holds its slot.
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

    /// <summary>Writes a row of its own with the commit; the callback may take long, fail, or hang.</summary>
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
                    await Task.Delay(Forever, step.Clock, chance.Hit(0.5) ? cancellation : CancellationToken.None);
                }
            }
        );
    }

    /// <summary>Sometimes too slow for its timeout, and then sometimes deaf to being told so.</summary>
    private async Task<NextState> HurryAsync(StepContext step, string nap)
    {
        Ledger.Enter(step);
        var tooSlow = !CalmedDown && chance.Hit(0.3);
        var deaf = chance.Hit(0.3);
        await WorkAsync(
            step,
            tooSlow ? TimeSpan.FromSeconds(1) : chance.Milliseconds(300),
            deaf ? CancellationToken.None : step.Cancellation
        );
        return chance.Hit(0.2) ? Later(GoTo(nap)) : GoTo("Done");
    }

    private async Task<NextState> JoinedAsync(StepContext step)
    {
        Ledger.Enter(step);
        var children = await step.GetChildrenAsync();
        if (
            !MovedByHand.Contains(step.WorkflowId)
            && children.FirstOrDefault(child => !child.Status.IsFinal() && !MovedByHand.Contains(child.Id)) is { } open
        )
        {
            world.Violated($"workflow {step.WorkflowId} was joined while its child {open.Id} was {open.Status}");
        }

        return GoTo("Done");
    }

    /// <summary>Parks for good unless every child has finished; the last of them must wake it.</summary>
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
