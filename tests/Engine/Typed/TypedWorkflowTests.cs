using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Typed;

/// <summary>Workflows with typed input, data, signals and result.</summary>
public sealed class TypedWorkflowTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Input_of_the_wrong_shape_is_rejected_with_its_path()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);

        var refused = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.CreateAsync("Orders", variables: Variables.Parse("""{"total":5}"""))
        );

        var fault = Assert.Single(refused.Faults);
        Assert.Equal("stateVars.customer", fault.Field);
        Assert.Contains("missing required properties including: 'customer'", fault.Expected, StringComparison.Ordinal);
        Assert.Empty((await engine.Store.SearchAsync(new WorkflowSearch(), Stop)).Workflows);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_order_waits_for_a_decision_and_gives_a_receipt(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var id = await engine.CreateAsync("Orders", variables: Of("ada", 2000));
        var waiting = await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        Assert.Equal(
            ("Approval", WorkflowStatus.InProgress, "Late", engine.Clock.GetUtcNow() + TimeSpan.FromDays(3)),
            (waiting.State, waiting.Status, waiting.DeadlineState, waiting.NextActivation)
        );

        await engine.Signals.SendAsync(SendSignal.Of(new Decision(true, "bob"), "bob") with { WorkflowId = id }, Stop);

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        AssertJson("""{"customer":"ada","wasApproved":true}""", done.Output);
        AssertJson("""{"customer":"ada","total":2010,"approvedBy":"bob","shipments":2}""", done.StateVars);
        Assert.Equal(
            [
                "CREATED Review: Created",
                "TRANSITION Review: From Review to Approval",
                "SCHEDULE_ACTIVATION Approval: when signalled: Decision, or Late at 2026-01-04T00:00:00Z",
                "SIGNAL Decision: Signal Decision (by bob)",
                "SIGNAL_TAKEN Decision: Signal Decision taken",
                "TRANSITION Approval: From Approval to Ship",
                "TRANSITION Ship: From Ship to Done",
                "LOG Done: shipped",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_history_records_the_members_that_each_step_changed(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var id = await engine.CreateAsync("Orders", variables: Of("ada", 2000));
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(SendSignal.Of(new Decision(false, "bob"), "bob") with { WorkflowId = id }, Stop);
        var rejected = await engine.UntilAsync(id, WorkflowStatus.Error);

        AssertJson("""{"customer":"ada","wasApproved":false}""", rejected.Output);
        var actions = await engine.Store.ActionsAsync(new ActionSearch(id, 100), Stop);
        Assert.Equal(
            ["customer,note,total", "approvedBy,shipments,total-note", "approvedBy"],
            actions.Reverse().Select(action => action.Entry.Changes).OfType<string>().Select(Names)
        );
    }

    [Fact]
    public async Task A_payload_of_the_wrong_shape_is_rejected_when_sent()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        var id = await engine.CreateAsync("Orders", variables: Of("ada", 2000));
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        var misfit = SendSignal.Of(new Decision(true, "bob"), "bob") with { Payload = """{"approved":"yes"}""" };

        foreach (
            var request in (SendSignal[])
                [
                    misfit with
                    {
                        WorkflowId = id,
                    },
                    misfit with
                    {
                        ExternalId = "one",
                    },
                    misfit with
                    {
                        WorkflowType = "Orders",
                        BusinessKey = "test",
                    },
                    misfit with
                    {
                        ExternalId = "two",
                        OrCreate = new CreateWorkflow
                        {
                            ExternalId = "two",
                            WorkflowType = "Orders",
                            BusinessKey = "test",
                            StateVars = Of("eve", 2000),
                        },
                    },
                ]
        )
        {
            var refused = await Assert.ThrowsAsync<RejectedRequestException>(() =>
                engine.Signals.SendAsync(request, Stop)
            );
            Assert.Equal("payload.approved", Assert.Single(refused.Faults).Field);
        }

        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        Assert.Null(await engine.Store.FindByExternalIdAsync("two", Stop));
    }

    [Fact]
    public async Task An_unchecked_payload_of_the_wrong_shape_fails_the_workflow_with_its_path()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        await using var engine = await EngineHarness.StartAsync(store, clock, g => g.AddWorkflow<Orders>());
        await using var other = await EngineHarness.StartAsync(store, clock, g => g.AddWorkflow<Scales>());
        var id = await engine.CreateAsync("Orders", variables: Of("ada", 2000));
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        var decision = SendSignal.Of(new Decision(true, "bob"), "bob");

        await other.Signals.SendAsync(decision with { WorkflowId = id, Payload = """{"approved":true}""" }, Stop);
        clock.Advance(TimeSpan.FromHours(1));

        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);
        Assert.StartsWith(
            "VariableException: The payload of signal 'Decision' does not fit at '$.by'; expected Decision: ",
            failed.LastError,
            StringComparison.Ordinal
        );
        Assert.Equal(1, failed.ExecutionCount - 1);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_that_arrives_without_a_signal_waits_for_one(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var late = await engine.CreateAsync("Orders", "late", Of("ada", 2000));
        await engine.UntilAsync(late, workflow => workflow.AwaitedSignals is not null);
        engine.Clock.Advance(TimeSpan.FromDays(3));
        await engine.UntilAsync(late, workflow => workflow is { State: "Approval", DeadlineState: null });
        var moved = await engine.CreateAsync("Orders", "moved", Of("ada", 1));
        await engine.UntilAsync(moved, workflow => workflow.State == "Ship");

        await engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = moved,
                State = "Approval",
                Actor = "ann",
            },
            Stop
        );

        foreach (var id in (long[])[late, moved])
        {
            var waiting = await engine.UntilAsync(
                id,
                workflow => workflow.AwaitedSignals is not null && workflow.ExecutorId is null
            );
            Assert.Equal(("Approval", WorkflowStatus.InProgress), (waiting.State, waiting.Status));
            await engine.Signals.SendAsync(
                SendSignal.Of(new Decision(true, "bob"), "bob") with
                {
                    WorkflowId = id,
                },
                Stop
            );
            await engine.UntilAsync(id, WorkflowStatus.Finished);
        }
    }

    [Fact]
    public async Task A_first_step_that_fails_is_retried_with_the_same_input()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        var id = await engine.CreateAsync("Orders", variables: Of("unlucky", 1));
        await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);

        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        var parked = await engine.UntilAsync(id, workflow => workflow.State == "Ship");
        AssertJson("""{"customer":"unlucky","total":11,"approvedBy":null,"shipments":1}""", parked.StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Begin_runs_later_when_the_Start_state_is_left_before_a_commit(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var failing = await engine.CreateAsync("Trips", "failing", Variables.Parse("""{"customer":"unlucky"}"""));
        var (moved, cancelled) = (await TomorrowAsync("moved"), await TomorrowAsync("cancelled"));

        await engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = moved,
                State = "Refund",
                Actor = "ann",
            },
            Stop
        );
        await engine.Interventions.CancelAsync(new CancelWorkflow { WorkflowId = cancelled, Actor = "ann" }, Stop);

        foreach (var (id, traveller) in ((long, string)[])[(failing, "unlucky"), (moved, "ada"), (cancelled, "ada")])
        {
            var done = await engine.UntilAsync(id, workflow => workflow.Status.IsFinal());
            Assert.Equal((WorkflowStatus.Finished, "Gone"), (done.Status, done.State));
            AssertJson($$"""{"traveller":"{{traveller}}","refunds":1}""", done.Output);
        }

        async Task<long> TomorrowAsync(string externalId)
        {
            var created = await engine.Operations.CreateAsync(
                new CreateWorkflow
                {
                    ExternalId = externalId,
                    WorkflowType = "Trips",
                    BusinessKey = "test",
                    StateVars = Variables.Parse("""{"customer":"ada"}"""),
                    NextActivation = engine.Clock.GetUtcNow() + TimeSpan.FromDays(1),
                },
                Stop
            );
            return created.Id;
        }
    }

    [Fact]
    public async Task A_workflow_that_returns_to_its_Start_state_keeps_its_data()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        var id = await engine.CreateAsync("Visits", variables: Variables.Parse("""{"customer":"ada","other":[1]}"""));
        for (var visit = 1; visit < 3; visit++)
        {
            await engine.UntilAsync(id, workflow => workflow.Step == visit);
            engine.Clock.Advance(TimeSpan.FromHours(1));
        }

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        AssertJson("""{"customer":"ada","visits":3}""", done.Output);
        AssertJson("""{"customer":"ada","other":[1],"visits":3}""", done.StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Data_of_an_older_version_is_upgraded(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var id = await ParkedOnOneAsync(store, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddWorkflow<ParcelOne>().AddWorkflow<ParcelTwo>()
        );
        await MoveAsync(engine, "2");

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);

        AssertJson("""{"receiver":"ada","pieces":1}""", done.StateVars);
        Assert.Null(done.Output);
        var actions = await engine.Store.ActionsAsync(new ActionSearch(id, 100), Stop);
        Assert.Equal(
            "pieces,receiver-to",
            actions.Select(action => action.Entry.Changes).OfType<string>().Select(Names).First()
        );
    }

    [Fact]
    public async Task Data_that_lacks_a_member_fails_the_workflow_with_its_path()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        var id = await ParkedOnOneAsync(store, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddWorkflow<ParcelOne>().AddWorkflow<ParcelThree>()
        );
        await MoveAsync(engine, "3");

        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.StartsWith(
            "VariableException: The data does not fit at '$.receiver'; expected Parcel: ",
            failed.LastError,
            StringComparison.Ordinal
        );
        Assert.Equal(0, failed.RetryCount);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Typed_and_untyped_workflows_mix_as_parents_and_children(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);

        var id = await engine.CreateAsync("Shop");

        AssertJson("""{"weight":8}""", (await engine.UntilAsync(id, WorkflowStatus.Finished)).StateVars);
    }

    private static Task<EngineHarness> StartAsync(StoreKind kind) =>
        EngineHarness.StartAsync(
            kind,
            g =>
                g.AddWorkflow<Orders>()
                    .AddWorkflow<Visits>()
                    .AddWorkflow<Trips>()
                    .AddWorkflow<Baskets>()
                    .AddWorkflow<Scales>()
                    .AddWorkflow<Shop>()
        );

    private static Variables Of(string customer, decimal total) =>
        Variables.Parse($$"""{"customer":"{{customer}}","total":{{total}},"note":"soon"}""");

    private static async Task<long> ParkedOnOneAsync(TestStore store, VirtualClock clock)
    {
        await using var engine = await EngineHarness.StartAsync(store, clock, g => g.AddWorkflow<ParcelOne>());
        var id = await engine.CreateAsync("Parcel");
        await engine.UntilAsync(id, workflow => workflow.State == "Send");
        return id;
    }

    private static async Task MoveAsync(EngineHarness engine, string version)
    {
        await engine.Versions.MoveAsync(
            new MoveVersions
            {
                Name = "Parcel",
                From = "1",
                To = version,
                States = new Dictionary<string, string>(),
                DryRun = false,
                Actor = "ada",
            },
            Stop
        );
        engine.Clock.Advance(TimeSpan.FromDays(1));
    }

    /// <summary>The names of the variables set, then of those removed.</summary>
    private static string Names(string changes)
    {
        var trace = VariableTrace.Parse(changes);
        return string.Join(',', trace.Set.Keys.Order(StringComparer.Ordinal))
            + string.Concat(trace.Removed.Select(name => $"-{name}"));
    }

    private static void AssertJson(string expected, string? actual) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), actual is null ? null : JsonNode.Parse(actual)),
            actual ?? "no value"
        );
}
