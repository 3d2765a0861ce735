using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.ReferenceFaults;

/// <summary>
/// Faults of the Go system in families, instants and definitions (section 9.1 of its description) that this engine must not
/// have. Fault 15, the misread offset, belongs to the API and is tested there.
/// </summary>
public sealed class FamilyAndDefinitionFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_11_a_wake_is_not_lost_and_the_parent_sees_its_child_finished(StoreKind kind)
    {
        IReadOnlyList<WorkflowStatus> seen = [];
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                        Machines.TwoStates(
                            "Parent",
                            _ =>
                                Task.FromResult(
                                    NextState
                                        .GoTo("Second")
                                        .Spawn(new ChildRequest("Child", "k"))
                                        .After(TimeSpan.FromDays(1))
                                ),
                            async step =>
                            {
                                seen = [.. (await step.GetChildrenAsync()).Select(child => child.Status)];
                                return NextState.GoTo("Done");
                            }
                        )
                    )
                    .AddDefinition(Machines.OneState("Child", _ => NextState.GoTo("Done").WakeParent()))
        );

        await engine.UntilAsync(await engine.CreateAsync("Parent"), WorkflowStatus.Finished);

        Assert.Equal([WorkflowStatus.Finished], seen);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_12_children_are_created_with_the_step_in_the_parents_group_and_seen_at_once(StoreKind kind)
    {
        var seen = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                        Machines.TwoStates(
                            "Parent",
                            _ =>
                                Task.FromResult(
                                    NextState
                                        .GoTo("Second")
                                        .Spawn([new ChildRequest("Child", "1"), new ChildRequest("Child", "2")])
                                ),
                            async step =>
                            {
                                seen = (await step.GetChildrenAsync()).Count;
                                return NextState.GoTo("Done");
                            }
                        )
                    )
                    .AddDefinition(Machines.Trivial("Child")),
            new EngineOptions { ExecutorGroups = ["own"] }
        );
        var created = await engine.Operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = "p",
                WorkflowType = "Parent",
                BusinessKey = "k",
                ExecutorGroup = "own",
            },
            Stop
        );
        await engine.UntilAsync(created.Id, WorkflowStatus.Finished);

        var children = await engine.Store.ChildrenAsync(new ChildSearch(created.Id), Stop);
        Assert.Equal(2, seen);
        Assert.All(children, child => Assert.Equal("own", child.ExecutorGroup));
        foreach (var child in children)
        {
            await engine.UntilAsync(child.Id, WorkflowStatus.Finished);
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_13_an_instant_is_the_same_in_every_time_zone(StoreKind kind)
    {
        var newYork = TimeSpan.FromHours(-5);
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        step => NextState.GoTo("Done").At(step.Clock.GetUtcNow().AddHours(2).ToOffset(newYork))
                    )
                )
        );
        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal(engine.Clock.GetUtcNow().AddHours(2), parked.NextActivation);
        Assert.Equal(TimeSpan.Zero, parked.NextActivation!.Value.Offset);

        engine.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(WorkflowStatus.InProgress, (await engine.FindAsync(id)).Status);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Fact]
    public async Task Fault_18_targets_are_checked_at_startup_and_a_person_cannot_name_an_unknown_one()
    {
        Assert.Throws<InvalidDefinitionException>(() =>
            WorkflowDefinitionBuilder.Named("W").Start("A", _ => NextState.GoTo("B"), goesTo: ["B"]).Build()
        );
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.Trivial("W"))
        );
        var id = await engine.CreateAsync("W");

        await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.MoveAsync(
                new MoveWorkflow
                {
                    WorkflowId = id,
                    State = "Nowhere",
                    Actor = "ann",
                },
                Stop
            )
        );
    }
}
