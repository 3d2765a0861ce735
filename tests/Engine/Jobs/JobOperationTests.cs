using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations.Jobs;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>Every operation as a job, on every store: what it changes, skips and fails to change.</summary>
public sealed class JobOperationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 3);
        await Crowd.MoveAsync(engine, ids[1], "Done", WorkflowStatus.Finished);

        var job = await Crowd.DoAsync(engine, Of(new JobOperation.Cancel()));

        Assert.Equal((JobStatus.Done, 2, 2, 0, 0), job.Tally());
        Assert.Equal(["CANCELLED", "FINISHED", "CANCELLED"], await StatusesAsync(engine, ids));
        Assert.Equal($"CANCELLED Work: Cancelled (by job {job.Id})", (await engine.HistoryAsync(ids[0]))[^1]);
        Assert.Equal(("ann", "a test"), (job.Actor, job.Reason));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_of_parents_and_their_children_ends_no_clean_up(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Trip()).AddDefinition(Leg())
        );
        var trip = await engine.CreateAsync("Trip");
        await engine.UntilAsync(trip, workflow => workflow.AwaitsChildren);
        var leg = Assert.Single(await engine.Store.ChildrenAsync(new ChildSearch(trip), Stop)).Id;
        var cancel = Of(new JobOperation.Cancel(Children: true)) with
        {
            Filter = new WorkflowFilter { WorkflowTypes = ["Trip", "Leg"] },
        };

        var first = await Crowd.DoAsync(engine, cancel);
        var second = await Crowd.DoAsync(engine, cancel);

        Assert.Equal((JobStatus.Done, 2, 2, 0, 0), first.Tally());
        Assert.Equal((JobStatus.Done, 2, 0, 0, 2), second.Tally());
        Assert.Equal((0, 0), (first.Descendants, second.Descendants));
        Assert.True((await engine.FindAsync(trip)).IsCleaningUp);
        Assert.True((await engine.FindAsync(leg)).IsCleaningUp);
        Assert.Equal([1, 1], await Crowd.TimesAsync(engine, [trip, leg], $"job {first.Id}"));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Pause_and_resume(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 3);

        var paused = await Crowd.DoAsync(engine, Of(new JobOperation.Pause()));
        Assert.Equal((JobStatus.Done, 3, 3, 0, 0), paused.Tally());
        Assert.Equal(["PAUSED", "PAUSED", "PAUSED"], await StatusesAsync(engine, ids));

        var resume = Of(new JobOperation.Resume());
        var resumed = await Crowd.DoAsync(engine, resume with { Filter = resume.Filter with { IdTo = ids[1] } });
        Assert.Equal((JobStatus.Done, 2, 2, 0, 0), resumed.Tally());
        Assert.Equal(["IN_PROGRESS", "IN_PROGRESS", "PAUSED"], await StatusesAsync(engine, ids));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Retry(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 3);
        await Crowd.MoveAsync(engine, ids[0], "Work", WorkflowStatus.Failed);
        await Crowd.MoveAsync(engine, ids[1], "Ask", WorkflowStatus.Error);

        var job = await Crowd.DoAsync(engine, Of(new JobOperation.Retry()));

        Assert.Equal((JobStatus.Done, 2, 1, 1, 0), job.Tally());
        Assert.Equal(
            [
                new JobFailure(
                    ids[1],
                    "It is ERROR in 'Ask': it has not failed in a state with a function, and does not wait for an attempt."
                ),
            ],
            await engine.Jobs.FailuresAsync(job.Id, cancellation: Stop)
        );
        await engine.UntilAsync(ids[0], workflow => workflow.State == "Done");
        Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(ids[2])).Status);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Run_again_with_other_variables(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 2);
        await Crowd.MoveAsync(engine, ids[0], "Done", WorkflowStatus.Finished);
        var again = new JobOperation.RunAgain("Review") { Variables = [new VariableChange("amount", "7")] };

        var request = Of(again, WorkflowStatus.Finished);
        var job = await Crowd.DoAsync(engine, request with { Filter = request.Filter with { Versions = ["1"] } });

        Assert.Equal((JobStatus.Done, 1, 1, 0, 0), job.Tally());
        var rerun = await engine.UntilAsync(
            ids[0],
            workflow => workflow.State == "Done" && workflow.ExecutorId is null
        );
        Assert.Equal("""{"amount":7}""", rerun.StateVars);
        Assert.Equal("{}", (await engine.FindAsync(ids[1])).StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Change_state_from_some_states_and_forced_from_all(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 3);
        await Crowd.MoveAsync(engine, ids[1], "Ask", WorkflowStatus.Waiting);
        await Crowd.MoveAsync(engine, ids[2], "Review", WorkflowStatus.Executing);
        var change = new JobOperation.ChangeState("Done") { FromStates = ["Ask", "Review"] };

        var job = await Crowd.DoAsync(engine, Of(change));

        Assert.Equal((JobStatus.Done, 2, 1, 1, 0), job.Tally());
        Assert.Equal(
            [new JobFailure(ids[1], "'Ask' goes to Work.")],
            await engine.Jobs.FailuresAsync(job.Id, cancellation: Stop)
        );
        Assert.Equal(["NEW", "WAITING", "FINISHED"], await StatusesAsync(engine, ids));

        var forced = await Crowd.DoAsync(engine, Of(change with { Force = true }));
        Assert.Equal((JobStatus.Done, 1, 1, 0, 0), forced.Tally());
        Assert.Equal(["NEW", "FINISHED", "FINISHED"], await StatusesAsync(engine, ids));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Change_variables_where_they_have_the_expected_values(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 2);
        await engine.Interventions.ChangeVariablesAsync(ids[0], [new("amount", "1")], "bob", Stop);
        var change = new VariableChange("amount", "2") { Expected = new VariableExpectation("1") };

        var job = await Crowd.DoAsync(engine, Of(new JobOperation.ChangeVariables([change])));

        Assert.Equal((JobStatus.Done, 2, 1, 1, 0), job.Tally());
        Assert.Equal("""{"amount":2}""", (await engine.FindAsync(ids[0])).StateVars);
        Assert.Equal(
            [new JobFailure(ids[1], "A variable does not have its expected value.")],
            await engine.Jobs.FailuresAsync(job.Id, cancellation: Stop)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Move_to_another_version(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 2);
        await Crowd.MoveAsync(engine, ids[1], "Review", WorkflowStatus.Executing);
        var move = Of(new JobOperation.MoveVersion("2"));
        move = move with { Filter = move.Filter with { Versions = ["1"] } };

        var job = await Crowd.DoAsync(engine, move);

        Assert.Equal((JobStatus.Done, 2, 1, 1, 0), job.Tally());
        Assert.Equal(
            [new JobFailure(ids[1], "It is in 'Review', which does not map to a non-final state of the new version.")],
            await engine.Jobs.FailuresAsync(job.Id, cancellation: Stop)
        );
        Assert.Equal("2", (await engine.FindAsync(ids[0])).Version);

        var states = new Dictionary<string, string> { ["Review"] = "Check" };
        await Crowd.DoAsync(engine, move with { Operation = new JobOperation.MoveVersion("2") { States = states } });
        var moved = await engine.FindAsync(ids[1]);
        Assert.Equal(("2", "Check"), (moved.Version, moved.State));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Place(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 2);

        await Crowd.DoAsync(engine, Of(new JobOperation.Place(1, "night")));

        foreach (var id in ids)
        {
            var placed = await engine.FindAsync(id);
            Assert.Equal((1, "night"), (placed.Priority, placed.ExecutorGroup));
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Delete(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 2);
        await Crowd.MoveAsync(engine, ids[0], "Done", WorkflowStatus.Finished);

        var job = await Crowd.DoAsync(engine, Of(new JobOperation.Delete()));

        Assert.Equal((JobStatus.Done, 1, 1, 0, 0), job.Tally());
        Assert.Null(await engine.Store.FindAsync(ids[0], Stop));
        Assert.NotNull(await engine.Store.FindAsync(ids[1], Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Signal(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Crowd.CreateAsync(engine, 2);
        await engine.Interventions.RunAgainAsync(
            new()
            {
                WorkflowId = ids[0],
                State = "Listen",
                Actor = "bob",
            },
            Stop
        );
        await engine.UntilAsync(ids[0], workflow => workflow.AwaitedSignals is not null);

        await Crowd.DoAsync(engine, Of(new JobOperation.Signal("go") { Key = "once", Payload = "5" }));

        await engine.UntilAsync(ids[0], WorkflowStatus.Finished);
        var kept = Assert.Single(await engine.Store.SignalsAsync(new SignalSearch(ids[1]), Stop));
        Assert.Equal(("go", "once", "5"), (kept.Name, kept.Key, kept.Payload));
    }

    private static WorkflowDefinition Trip() =>
        WorkflowDefinitionBuilder
            .Named("Trip")
            .OnCancel("Undo")
            .Start(
                "Go",
                _ => NextState.GoTo("Arrive").Spawn(new ChildRequest("Leg", "leg")).WhenChildrenFinished(),
                ["Arrive"]
            )
            .State("Arrive", _ => NextState.GoTo("Done"), ["Done"])
            .State("Undo", _ => NextState.GoTo("Undone").After(TimeSpan.FromDays(1)), ["Undone"])
            .End("Done")
            .Error("Undone")
            .Build();

    private static WorkflowDefinition Leg() =>
        WorkflowDefinitionBuilder
            .Named("Leg")
            .OnCancel("Undo")
            .Start("Go", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
            .State("Undo", _ => NextState.GoTo("Undone").After(TimeSpan.FromDays(1)), ["Undone"])
            .End("Done")
            .Error("Undone")
            .Build();

    private static Task<EngineHarness> StartAsync(StoreKind kind) => EngineHarness.StartAsync(kind, g => g.AddW());

    private static JobRequest Of(JobOperation operation, params WorkflowStatus[] statuses) =>
        Crowd.Pause with
        {
            Operation = operation,
            Filter = Crowd.Pause.Filter with { Statuses = statuses },
        };

    private static async Task<IReadOnlyList<string>> StatusesAsync(EngineHarness engine, IEnumerable<long> ids)
    {
        var statuses = new List<string>();
        foreach (var id in ids)
        {
            statuses.Add((await engine.FindAsync(id)).Status.ToName());
        }

        return statuses;
    }
}
