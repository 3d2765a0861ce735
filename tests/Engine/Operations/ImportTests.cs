using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Operations.Imports;
using GopherFlow.Rules;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Import of workflows begun in another system, on every store.</summary>
public sealed class ImportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_continues_in_its_former_state(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var now = engine.Clock.GetUtcNow();
        var order = An("order-1") with
        {
            State = "Ship",
            StateVars = Variables.Parse("""{"amount":"12"}"""),
            RetryCount = 2,
            NextActivation = now.AddHours(1),
            Created = now.AddDays(-3),
            Started = now.AddDays(-2),
        };

        await CreatedAsync(engine, order);

        var imported = await FindAsync(engine, "order-1");
        Assert.Equal((WorkflowStatus.InProgress, "Ship", 2), (imported.Status, imported.State, imported.RetryCount));
        Assert.Equal((order.Created, order.Started), (imported.Created, imported.Started));
        Assert.Equal(order.NextActivation, imported.NextActivation);
        Assert.Equal("""{"amount":"12"}""", imported.StateVars);
        Assert.Equal(
            ["CREATED Ship: Created by ann", "LOG Ship: Taken over from the shop, id 17"],
            await engine.HistoryAsync(imported.Id)
        );
        engine.Clock.Advance(TimeSpan.FromHours(1));
        var ended = await engine.UntilAsync(imported.Id, WorkflowStatus.Finished);
        Assert.Equal("""{"amount":"12","shipped":"yes"}""", ended.StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_that_has_not_begun_starts_from_the_beginning(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var due = engine.Clock.GetUtcNow().AddHours(1);

        await CreatedAsync(engine, An("order-1") with { NextActivation = due });

        var imported = await FindAsync(engine, "order-1");
        Assert.Equal((WorkflowStatus.New, "Begin", 0), (imported.Status, imported.State, imported.Step));
        Assert.Equal((null, due), (imported.Started, imported.NextActivation));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Manual_and_final_states_keep_their_status(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var then = engine.Clock.GetUtcNow().AddDays(-1);

        await CreatedAsync(
            engine,
            An("waits") with
            {
                State = "Review",
                Standing = ImportStanding.HasEnded,
                NextActivation = then,
            },
            An("done") with
            {
                State = "Done",
                Standing = ImportStanding.HasEnded,
                Finished = then,
            },
            An("lost") with
            {
                State = "Lost",
            },
            An("failed") with
            {
                State = "Ship",
                Standing = ImportStanding.HasFailed,
                RetryCount = 3,
            }
        );

        var waits = await FindAsync(engine, "waits");
        var done = await FindAsync(engine, "done");
        Assert.Equal((WorkflowStatus.Waiting, null), (waits.Status, waits.NextActivation));
        Assert.Equal((WorkflowStatus.Finished, then), (done.Status, done.Finished));
        Assert.Equal(WorkflowStatus.Error, (await FindAsync(engine, "lost")).Status);
        var failed = await FindAsync(engine, "failed");
        Assert.Equal((WorkflowStatus.Failed, 3), (failed.Status, failed.RetryCount));
        await engine.Interventions.RetryAsync(failed.Id, "ann", Stop);
        await engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = waits.Id,
                State = "Ship",
                Actor = "ann",
            },
            Stop
        );
        await engine.UntilAsync(failed.Id, WorkflowStatus.Finished);
        await engine.UntilAsync(waits.Id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_family_stays_together(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var later = engine.Clock.GetUtcNow().AddHours(1);

        await CreatedAsync(
            engine,
            An("child-open") with
            {
                State = "Ship",
                NextActivation = later,
                ParentExternalId = "parent",
            },
            An("parent") with
            {
                WorkflowType = "Parent",
                State = "Sum",
                AwaitsChildren = true,
            },
            An("child-done") with
            {
                State = "Done",
                Standing = ImportStanding.HasEnded,
                ParentExternalId = "parent",
            },
            An("grandchild") with
            {
                State = "Review",
                ParentExternalId = "child-done",
            }
        );

        var parent = await FindAsync(engine, "parent");
        Assert.Equal((1, true, null), (parent.OpenChildren, parent.AwaitsChildren, parent.NextActivation));
        var done = await FindAsync(engine, "child-done");
        Assert.Equal((parent.Id, 1), (done.ParentWorkflowId, done.OpenChildren));
        Assert.Equal(done.Id, (await FindAsync(engine, "grandchild")).ParentWorkflowId);
        engine.Clock.Advance(TimeSpan.FromHours(1));
        var ended = await engine.UntilAsync(parent.Id, WorkflowStatus.Finished);
        Assert.Equal("""{"finished":2}""", ended.StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Existing_workflows_are_not_changed(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreatedAsync(engine, An("order-1") with { State = "Review" });
        var before = await FindAsync(engine, "order-1");

        var outcomes = await ImportAsync(
            engine,
            An("order-1") with
            {
                State = "Ship",
            },
            An("order-2") with
            {
                State = "Review",
            }
        );

        Assert.Equal([ImportVerdict.Existed, ImportVerdict.Created], outcomes.Select(outcome => outcome.Verdict));
        Assert.Equal(before, await FindAsync(engine, "order-1"));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_dry_run_stores_nothing(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);

        var outcomes = await engine.Imports.ImportAsync([An("order-1")], "ann", dryRun: true, Stop);

        Assert.Equal([new ImportOutcome("order-1", ImportVerdict.Created)], outcomes);
        Assert.Null(await engine.Store.FindByExternalIdAsync("order-1", Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_rejected_workflow_gets_a_reason_and_the_others_are_imported(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await engine.CreateAsync("Order", "taken");

        (ImportWorkflow Workflow, string Reason)[] refused =
        [
            (An("type") with { WorkflowType = "Orders" }, "workflowType: expected the name of a definition"),
            (An("state") with { State = "Nowhere" }, "state: expected a state of Order: Begin, Review, Ship"),
            (An("taken"), "externalId: expected an unused id: workflow"),
            (An(" "), "externalId: expected a text that is not empty"),
            (An("ended") with { State = "Ship", Standing = ImportStanding.HasEnded }, "a state without a function"),
            (An("failed") with { State = "Done", Standing = ImportStanding.HasFailed }, "a state with a function"),
            (An("twice"), "2 workflows of the request have 'twice'"),
            (An("twice"), "2 workflows of the request have 'twice'"),
            (An("orphan") with { ParentExternalId = "elsewhere" }, "parentExternalId: expected a workflow of the same"),
            (An("head") with { ParentExternalId = "tail" }, "its ancestors form a cycle"),
            (An("tail") with { ParentExternalId = "head" }, "its ancestors form a cycle"),
            (
                An("large") with
                {
                    StateVars = Variables.Parse($$"""{"a":"{{new string('x', 2_000_000)}}"}"""),
                },
                "stateVars: expected variables of at most"
            ),
            (An("parent"), "It belongs to the family of 'child', which is refused: state: expected"),
            (An("child") with { ParentExternalId = "parent", State = "Nowhere" }, "state: expected a state of Order"),
        ];
        var outcomes = await ImportAsync(engine, [.. refused.Select(each => each.Workflow), An("good")]);

        Assert.All(
            refused.Zip(outcomes),
            pair =>
            {
                Assert.Equal(ImportVerdict.Refused, pair.Second.Verdict);
                Assert.Contains(pair.First.Reason, pair.Second.Reason, StringComparison.Ordinal);
            }
        );
        Assert.Equal(ImportVerdict.Created, outcomes[^1].Verdict);
        Assert.Null(await engine.Store.FindByExternalIdAsync("parent", Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_partly_existing_family_is_not_extended(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreatedAsync(engine, An("parent") with { State = "Review" });

        var outcomes = await ImportAsync(engine, An("parent"), An("child") with { ParentExternalId = "parent" });

        Assert.Equal(
            [
                new ImportOutcome("parent", ImportVerdict.Existed),
                new ImportOutcome("child", ImportVerdict.Refused, "Its family was already imported without it."),
            ],
            outcomes
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_child_created_meanwhile_by_another_import_is_found(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var other = await EngineHarness.StartAsync(store, clock, Register);
        var isFirst = true;
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (_, write) =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    await CreatedAsync(
                        other,
                        [Resting("theirs"), Resting("child") with { ParentExternalId = "theirs" }]
                    );
                }

                return await write();
            },
        };
        await using var engine = await EngineHarness.StartAsync(store, clock, Register, wrapped: intercepted);

        var outcomes = await ImportAsync(
            engine,
            Resting("ours"),
            Resting("child") with
            {
                ParentExternalId = "ours",
            },
            Resting("alone")
        );

        Assert.Equal(
            [ImportVerdict.Refused, ImportVerdict.Existed, ImportVerdict.Created],
            outcomes.Select(outcome => outcome.Verdict)
        );
        Assert.Null(await engine.Store.FindByExternalIdAsync("ours", Stop));
        Assert.NotNull(await engine.Store.FindByExternalIdAsync("alone", Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_parent_whose_external_id_is_taken_meanwhile_is_rejected_with_its_family(StoreKind kind)
    {
        var outcomes = await ImportWhileTakenAsync(kind, "Parent");

        Assert.Equal(
            [ImportVerdict.Refused, ImportVerdict.Refused, ImportVerdict.Created],
            outcomes.Select(outcome => outcome.Verdict)
        );
        Assert.Contains("externalId: expected an unused id", outcomes[0].Reason, StringComparison.Ordinal);
        Assert.Contains("It belongs to the family of 'parent'", outcomes[1].Reason, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_parent_created_meanwhile_exists_already_and_its_child_is_rejected(StoreKind kind)
    {
        var outcomes = await ImportWhileTakenAsync(kind, "Order");

        Assert.Equal(
            [
                new ImportOutcome("parent", ImportVerdict.Existed),
                new ImportOutcome("child", ImportVerdict.Refused, "Its family was already imported without it."),
                new ImportOutcome("alone", ImportVerdict.Created),
            ],
            outcomes
        );
    }

    /// <summary>
    /// Imports a parent with a child, and a workflow without family. Right before they are written, another caller creates a workflow
    /// with the external id of the parent.
    /// </summary>
    private static async Task<IReadOnlyList<ImportOutcome>> ImportWhileTakenAsync(StoreKind kind, string takenByType)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var other = await EngineHarness.StartAsync(store, clock, Register);
        var isFirst = true;
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (_, write) =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    await other.Operations.CreateAsync(
                        new CreateWorkflow
                        {
                            ExternalId = "parent",
                            WorkflowType = takenByType,
                            BusinessKey = "customer 4",
                            NextActivation = clock.GetUtcNow().AddHours(1),
                        },
                        Stop
                    );
                }

                return await write();
            },
        };
        await using var engine = await EngineHarness.StartAsync(store, clock, Register, wrapped: intercepted);

        var outcomes = await ImportAsync(
            engine,
            Resting("parent"),
            Resting("child") with
            {
                ParentExternalId = "parent",
            },
            Resting("alone")
        );

        Assert.Equal(takenByType, (await FindAsync(engine, "parent")).WorkflowType);
        Assert.Null(await engine.Store.FindByExternalIdAsync("child", Stop));
        Assert.NotNull(await engine.Store.FindByExternalIdAsync("alone", Stop));
        return outcomes;
    }

    private static Task<EngineHarness> StartAsync(StoreKind kind) => EngineHarness.StartAsync(kind, Register);

    private static void Register(GopherFlowRegistration flow) => flow.AddDefinition(Order()).AddDefinition(Parent());

    private static ImportWorkflow An(string externalId) =>
        new()
        {
            ExternalId = externalId,
            WorkflowType = "Order",
            BusinessKey = "customer 4",
            Origin = "the shop, id 17",
        };

    private static ImportWorkflow Resting(string externalId) => An(externalId) with { State = "Review" };

    private static Task<IReadOnlyList<ImportOutcome>> ImportAsync(
        EngineHarness engine,
        params ImportWorkflow[] workflows
    ) => engine.Imports.ImportAsync(workflows, "ann", dryRun: false, Stop);

    private static async Task CreatedAsync(EngineHarness engine, params ImportWorkflow[] workflows) =>
        Assert.All(
            await ImportAsync(engine, workflows),
            outcome => Assert.Equal((ImportVerdict.Created, null), (outcome.Verdict, outcome.Reason))
        );

    private static async Task<WorkflowRecord> FindAsync(EngineHarness engine, string externalId)
    {
        var found = await engine.Store.FindByExternalIdAsync(externalId, Stop);
        Assert.NotNull(found);
        return found;
    }

    private static WorkflowDefinition Order() =>
        WorkflowDefinitionBuilder
            .Named("Order")
            .Start("Begin", _ => NextState.GoTo("Review"), ["Review"])
            .Manual("Review", "Ship", "Lost")
            .State("Ship", Ship, ["Done"])
            .End("Done")
            .Error("Lost")
            .Build();

    private static NextState Ship(StepContext step)
    {
        step.Variables["shipped"] = "yes";
        return NextState.GoTo("Done");
    }

    private static WorkflowDefinition Parent() =>
        WorkflowDefinitionBuilder
            .Named("Parent")
            .Start("Spawn", _ => NextState.GoTo("Sum"), ["Sum"])
            .State("Sum", SumAsync, ["Summed"])
            .End("Summed")
            .Build();

    private static async Task<NextState> SumAsync(StepContext step)
    {
        var children = await step.GetChildrenAsync();
        step.Variables.Set("finished", children.Count(child => child.Status == WorkflowStatus.Finished));
        return NextState.GoTo("Summed");
    }
}
