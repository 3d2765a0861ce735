using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Children, joins and wakes.</summary>
public sealed class ChildrenTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_parent_continues_when_all_its_children_have_finished(StoreKind kind)
    {
        var gates = Enumerable.Range(0, 3).Select(_ => NewGate()).ToArray();
        IReadOnlyList<ChildWorkflow> seen = [];
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                        Machines.TwoStates(
                            "Parent",
                            step =>
                                Task.FromResult(
                                    NextState
                                        .GoTo("Second")
                                        .Spawn(
                                            Enumerable
                                                .Range(0, 3)
                                                .Select(number =>
                                                    new ChildRequest("Child", $"child {number}").With("number", number)
                                                )
                                        )
                                        .WhenChildrenFinished()
                                ),
                            async step =>
                            {
                                seen = await step.GetChildrenAsync();
                                return NextState.GoTo("Done");
                            }
                        )
                    )
                    .AddDefinition(Machines.OneState("Child", WaitForItsGate))
        );

        var id = await engine.CreateAsync("Parent", externalId: "p");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal((3, true, null), (parked.OpenChildren, parked.AwaitsChildren, parked.NextActivation));
        gates[2].SetResult("Done");
        gates[0].SetResult("Bad");
        await ChildEndsAsync("p:0/3");
        await ChildEndsAsync("p:0/1");
        var waiting = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.InProgress, 1), (waiting.Status, waiting.OpenChildren));
        gates[1].SetResult("Done");
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal(0, done.OpenChildren);
        Assert.Equal(
            [
                ("p:0/1", "child 0", WorkflowStatus.Error, "0"),
                ("p:0/2", "child 1", WorkflowStatus.Finished, "1"),
                ("p:0/3", "child 2", WorkflowStatus.Finished, "2"),
            ],
            seen.Select(child => (child.ExternalId, child.BusinessKey, child.Status, child.Variables["number"]!))
        );
        var history = await engine.HistoryAsync(id);
        Assert.Equal("SCHEDULE_ACTIVATION Second: when the children have finished", history[2]);
        Assert.Equal("CHILD_CREATED Second: Created 3 child workflows of type Child", history[3]);

        async Task ChildEndsAsync(string externalId)
        {
            var child = await engine.Store.FindByExternalIdAsync(externalId, TestContext.Current.CancellationToken);
            await engine.UntilAsync(child!.Id, workflow => workflow.Status.IsFinal());
        }

        async Task<NextState> WaitForItsGate(StepContext step) =>
            NextState.GoTo(await gates[step.Variables.Get<int>("number")].Task);
    }

    [Fact]
    public async Task A_join_without_children_continues_at_once()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        _ => Task.FromResult(NextState.GoTo("Second").WhenChildrenFinished()),
                        _ => Task.FromResult(NextState.GoTo("Done"))
                    )
                )
        );

        await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_wake_makes_a_parked_parent_due(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                AddWaker(
                    g,
                    spawning: next => next.After(TimeSpan.FromDays(1)),
                    child: _ => Task.FromResult(NextState.GoTo("Done").WakeParent())
                )
        );

        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Contains("CHILD_WAKE Done: Child Initiated Wake", await engine.HistoryAsync(id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_wake_that_arrives_while_the_parent_runs_is_not_lost(StoreKind kind)
    {
        var looked = NewGate();
        var woken = NewGate();
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                AddWaker(
                    g,
                    spawning: next => next,
                    child: async _ =>
                    {
                        await looked.Task;
                        return NextState.GoTo("Done").WakeParent();
                    },
                    second: async step =>
                    {
                        if (++runs == 2)
                        {
                            return NextState.GoTo("Done");
                        }

                        var children = await step.GetChildrenAsync();
                        looked.SetResult("");
                        await woken.Task;
                        Assert.False(Assert.Single(children).Status.IsFinal());
                        return NextState.GoTo("Second").After(TimeSpan.FromDays(1));
                    }
                )
        );

        var id = await engine.CreateAsync("Parent", externalId: "p");
        await looked.Task;
        var child = (await engine.Store.FindByExternalIdAsync("p:0/1", TestContext.Current.CancellationToken))!;
        await engine.UntilAsync(child.Id, WorkflowStatus.Finished);
        woken.SetResult("");

        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(2, runs);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_child_of_an_unknown_type_fails_the_attempt_and_no_child_is_created(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(Machines.Trivial("Child"))
                    .AddDefinition(
                        Machines.OneState(
                            "W",
                            _ =>
                                NextState
                                    .GoTo("Done")
                                    .Spawn(new ChildRequest("Child", "good"))
                                    .Spawn(new ChildRequest("Unknown", "bad"))
                        )
                    )
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Contains(
            "ERROR Work: InvalidOperationException: There is no definition 'Unknown' for a child of state 'Work'.",
            await engine.HistoryAsync(id)
        );
        Assert.Empty(await engine.Store.ChildrenAsync(new ChildSearch(id), TestContext.Current.CancellationToken));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_child_whose_external_id_is_taken_fails_the_attempt(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(Machines.Trivial("Child"))
                    .AddDefinition(
                        Machines.OneState(
                            "W",
                            _ => NextState.GoTo("Done").Spawn(new ChildRequest("Child", "k") { ExternalId = "taken" })
                        )
                    )
        );
        await engine.CreateAsync("Child", externalId: "taken");

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Contains(await engine.HistoryAsync(id), entry => entry.Contains("'taken'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_inherits_group_and_priority_unless_it_sets_them()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(Machines.Trivial("Child"))
                    .AddDefinition(
                        Machines.OneState(
                            "W",
                            _ =>
                                NextState
                                    .GoTo("Done")
                                    .Spawn(new ChildRequest("Child", "heir"))
                                    .Spawn(new ChildRequest("Child", "own") { ExecutorGroup = "default", Priority = 1 })
                        )
                    ),
            new EngineOptions { ExecutorGroups = ["default", "fast"] }
        );
        var created = await engine.Operations.CreateAsync(
            new()
            {
                ExternalId = "x",
                WorkflowType = "W",
                BusinessKey = "k",
                ExecutorGroup = "fast",
                Priority = 3,
            },
            TestContext.Current.CancellationToken
        );
        await engine.UntilAsync(created.Id, WorkflowStatus.Finished);

        var children = await engine.Store.ChildrenAsync(
            new ChildSearch(created.Id),
            TestContext.Current.CancellationToken
        );
        Assert.Equal([("fast", 3), ("default", 1)], children.Select(child => (child.ExecutorGroup, child.Priority)));
        foreach (var child in children)
        {
            await engine.UntilAsync(child.Id, WorkflowStatus.Finished);
        }
    }

    private static void AddWaker(
        GopherFlowRegistration registration,
        Func<NextState, NextState> spawning,
        Func<StepContext, Task<NextState>> child,
        Func<StepContext, Task<NextState>>? second = null
    ) =>
        registration
            .AddDefinition(
                Machines.TwoStates(
                    "Parent",
                    _ => Task.FromResult(spawning(NextState.GoTo("Second").Spawn(new ChildRequest("Child", "k")))),
                    second ?? (_ => Task.FromResult(NextState.GoTo("Done")))
                )
            )
            .AddDefinition(Machines.OneState("Child", child));

    private static TaskCompletionSource<string> NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
