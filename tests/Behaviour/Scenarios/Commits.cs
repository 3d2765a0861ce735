namespace GopherFlow.Behaviour;

/// <summary>A user row is written once, with the step, and not by an attempt that throws after registering the callback.</summary>
internal sealed class OnCommitOnce : Scenario
{
    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero))
                .Start("Work", Book, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Book(StepContext step)
    {
        step.OnCommit((connection, transaction, _) => Bookings.AddAsync(connection, transaction, step.StepKey));
        step.OnCommit((connection, transaction, _) => Bookings.AddAsync(connection, transaction, "second"));
        return step.Attempt == 1 ? throw new InvalidOperationException("after asking") : GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        await Bookings.CreateTableAsync(scene);

        await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal(["one:0", "second"], await Bookings.AllAsync(scene));
    }
}

/// <summary>When the callback throws, the step is discarded.</summary>
internal sealed class OnCommitFails : Scenario
{
    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Retry(RetryPolicy.None).Start("Work", Book, ["Done"]).End("Done").Build());

    private static NextState Book(StepContext step)
    {
        step.Variables["x"] = "1";
        step.OnCommit(
            async (connection, transaction, _) =>
            {
                await Bookings.AddAsync(connection, transaction, "never");
                throw new InvalidOperationException("the table is full");
            }
        );
        return GoTo("Done").Log("never");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        await Bookings.CreateTableAsync(scene);

        var failed = await scene.RunAsync(WorkflowStatus.Failed);

        Assert.Empty(await Bookings.AllAsync(scene));
        Assert.Equal(("Work", "{}", 0), (failed.State, failed.StateVars, failed.Step));
        await scene.HistoryIsAsync(
            failed.Id,
            "CREATED Work: Created",
            "ERROR Work: InvalidOperationException: the table is full",
            $"FAILED Work: Max retry count reached for workflow id:{failed.Id} count :0"
        );
    }
}
