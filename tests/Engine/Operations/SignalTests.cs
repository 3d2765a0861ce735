using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Signals and deadlines, over every store.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan ThreeDays = TimeSpan.FromDays(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_state_waits_for_a_signal_and_takes_it_once(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        var waiting = await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        Assert.Equal(
            (WorkflowStatus.InProgress, engine.Clock.GetUtcNow() + ThreeDays, "Remind"),
            (waiting.Status, waiting.NextActivation, waiting.DeadlineState)
        );

        var sent = await engine.Signals.SendAsync(Paid(id, 42), Stop);

        Assert.Equal((OperationVerdict.Changed, id), (sent.Verdict, Assert.Single(sent.WorkflowIds)));
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"paid":"42"}""", done.StateVars);
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        Assert.Equal(
            [
                "CREATED Bill: Created",
                "TRANSITION Bill: From Bill to Ship",
                "SCHEDULE_ACTIVATION Ship: when signalled: paid, or Remind at 2026-01-04T00:00:00Z",
                "SIGNAL paid: Signal paid (by ann)",
                "SIGNAL_TAKEN paid: Signal paid taken",
                "TRANSITION Ship: From Ship to Done",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
        Assert.Equal(OperationVerdict.Conflict, (await engine.Signals.SendAsync(Paid(id, 1), Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_signal_that_comes_before_it_is_waited_for_is_kept(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Order(before: TimeSpan.FromHours(1)))
        );
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);

        await engine.Signals.SendAsync(Paid(id, 7), Stop);
        Assert.Equal("paid", Assert.Single(await engine.Store.SignalsAsync(new SignalSearch(id), Stop)).Name);
        engine.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("""{"paid":"7"}""", (await engine.UntilAsync(id, WorkflowStatus.Finished)).StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task When_no_signal_comes_in_time_it_goes_elsewhere(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);

        engine.Clock.Advance(ThreeDays);

        var reminded = await engine.UntilAsync(id, WorkflowStatus.Waiting);
        Assert.Equal(
            ("Remind", null, null, null),
            (reminded.State, reminded.AwaitedSignals, reminded.DeadlineState, reminded.NextActivation)
        );
        Assert.Contains("DEADLINE Ship: From Ship to Remind", await engine.HistoryAsync(id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_signal_with_a_key_counts_once(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Order(before: TimeSpan.FromHours(1)))
        );
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        var payment = Paid(id, 7) with { Key = "payment-1" };

        await engine.Signals.SendAsync(payment, Stop);
        var again = await engine.Signals.SendAsync(payment, Stop);

        Assert.Equal(OperationVerdict.Changed, again.Verdict);
        Assert.Single(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        engine.Clock.Advance(TimeSpan.FromHours(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(OperationVerdict.Changed, (await engine.Signals.SendAsync(payment, Stop)).Verdict);
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_first_of_several_signals_is_taken_and_the_others_are_kept(StoreKind kind)
    {
        var received = new List<string>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start("Wait", _ => NextState.WaitFor("yes", "no").Then("Heard"), ["Heard"])
                        .State("Heard", Hear, ["Heard", "Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        foreach (var name in (string[])["other", "no", "no"])
        {
            await engine.Signals.SendAsync(
                new()
                {
                    WorkflowId = id,
                    Name = name,
                    Actor = "ann",
                },
                Stop
            );
        }

        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(["no", "no"], received);

        NextState Hear(StepContext step)
        {
            received.Add(step.Signal!.Name);
            return received.Count < 2 ? NextState.WaitFor("no").Then("Heard") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_fails_gets_the_same_signal_again(StoreKind kind)
    {
        var amounts = new List<int>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Retry(RetryPolicy.Linear(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
                        .Start(
                            "Wait",
                            _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Done").Then("Ship"),
                            ["Ship", "Done"]
                        )
                        .State("Ship", Ship, ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(Paid(id, 5), Stop);
        var failed = await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);
        Assert.Equal("InvalidOperationException: broken", failed.LastError);

        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([5, 5], amounts);
        Assert.Null(done.LastError);

        NextState Ship(StepContext step)
        {
            amounts.Add(step.Signal!.Get<Payment>().Amount);
            return amounts.Count == 1 ? throw new InvalidOperationException("broken") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_failed_for_good_gets_the_same_signal_when_it_is_retried(StoreKind kind)
    {
        var amounts = new List<int>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start("Wait", _ => NextState.WaitFor("paid").Then("Ship"), ["Ship"])
                        .State("Ship", Ship, ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(Paid(id, 5), Stop);
        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);
        var kept = await engine.Store.SignalsAsync(new SignalSearch(id), Stop);

        await engine.Interventions.RetryAsync(id, "ann", Stop);

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([5, 5], amounts);
        Assert.Equal(("paid", "paid"), (Assert.Single(kept).Name, failed.KeptSignals?.ToString()));
        Assert.Equal((null, null), (done.AwaitedSignals, done.KeptSignals));
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));

        NextState Ship(StepContext step)
        {
            amounts.Add(step.Signal!.Get<Payment>().Amount);
            return amounts.Count == 1 ? throw new NotRetryableException("broken") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_paused_workflow_finds_its_signal_when_it_is_resumed(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        await engine.Signals.SendAsync(Paid(id, 1), Stop);
        engine.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(WorkflowStatus.Paused, (await engine.FindAsync(id)).Status);

        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_deadline_that_passed_during_a_pause_counts_when_it_is_resumed(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        engine.Clock.Advance(TimeSpan.FromDays(10));

        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal("Remind", (await engine.UntilAsync(id, WorkflowStatus.Waiting)).State);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_person_has_until_the_deadline(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Approval()));
        var late = await engine.CreateAsync("Approval", "late");
        var early = await engine.CreateAsync("Approval", "early");
        var waiting = await engine.UntilAsync(late, WorkflowStatus.Waiting);
        await engine.UntilAsync(early, WorkflowStatus.Waiting);
        Assert.Equal(engine.Clock.GetUtcNow() + ThreeDays, waiting.NextActivation);

        await engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = early,
                State = "Approved",
                Actor = "ann",
            },
            Stop
        );
        engine.Clock.Advance(ThreeDays);

        Assert.Equal("Escalated", (await engine.UntilAsync(late, WorkflowStatus.Finished)).State);
        Assert.Equal("Approved", (await engine.FindAsync(early)).State);
        Assert.Contains("DEADLINE Ask: From Ask to Escalated", await engine.HistoryAsync(late));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Children_have_until_the_deadline(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                        WorkflowDefinitionBuilder
                            .Named("Parent")
                            .Start(
                                "Spawn",
                                step =>
                                    NextState
                                        .GoTo("Join")
                                        .Spawn(new ChildRequest(step.BusinessKey == "test" ? "Slow" : "", "child"))
                                        .WhenChildrenFinished()
                                        .OrAfter(ThreeDays, "Late"),
                                ["Join", "Late"]
                            )
                            .State("Join", _ => NextState.GoTo("Done"), ["Done"])
                            .State("Late", _ => NextState.GoTo("Done"), ["Done"])
                            .End("Done")
                            .Build()
                    )
                    .AddDefinition(Machines.OneState("Slow", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(5))))
        );
        var late = await engine.CreateAsync("Parent", "late");
        var early = await engine.CreateAsync("Parent", "early");
        await engine.UntilAsync(late, workflow => workflow.AwaitsChildren);
        await engine.UntilAsync(early, workflow => workflow.AwaitsChildren);

        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(early), Stop))
        {
            await engine.Interventions.CancelAsync(new() { WorkflowId = child.Id, Actor = "ann" }, Stop);
        }

        await engine.UntilAsync(early, WorkflowStatus.Finished);
        engine.Clock.Advance(ThreeDays);
        await engine.UntilAsync(late, WorkflowStatus.Finished);

        Assert.Contains("DEADLINE Join: From Join to Late", await engine.HistoryAsync(late));
        Assert.DoesNotContain(
            await engine.HistoryAsync(early),
            entry => entry.StartsWith("DEADLINE", StringComparison.Ordinal)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_signal_reaches_by_external_id_or_business_key_and_may_create_its_workflow(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var signal = new SendSignal
        {
            Name = "paid",
            Payload = """{"amount":3}""",
            Actor = "ann",
        };
        var byExternalId = signal with { ExternalId = "one" };
        Assert.Equal(OperationVerdict.NotFound, (await engine.Signals.SendAsync(byExternalId, Stop)).Verdict);

        var created = await engine.Signals.SendAsync(
            byExternalId with
            {
                OrCreate = new()
                {
                    ExternalId = "one",
                    WorkflowType = "Order",
                    BusinessKey = "order 7",
                },
            },
            Stop
        );
        await engine.UntilAsync(created.WorkflowIds[0], WorkflowStatus.Finished);

        var two = await engine.CreateAsync("Order", "two");
        await engine.UntilAsync(two, workflow => workflow.AwaitedSignals is not null);
        var byKey = await engine.Signals.SendAsync(signal with { BusinessKey = "test", WorkflowType = "Order" }, Stop);
        Assert.Equal([two], byKey.WorkflowIds);
        await engine.UntilAsync(two, WorkflowStatus.Finished);
    }

    [Fact]
    public async Task The_faults_of_a_workflow_to_create_are_those_of_a_part_of_the_request()
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.InMemory, g => g.AddDefinition(Order()));
        var signal = new SendSignal
        {
            Name = "paid",
            Actor = "ann",
            ExternalId = "one",
            OrCreate = new()
            {
                ExternalId = "one",
                WorkflowType = "Nonsense",
                BusinessKey = "order 7",
            },
        };

        var refused = await Assert.ThrowsAsync<RejectedRequestException>(() => engine.Signals.SendAsync(signal, Stop));

        Assert.Equal("orCreate.workflowType", Assert.Single(refused.Faults).Field);
    }

    [Fact]
    public async Task A_signal_finds_the_one_that_waits_behind_a_thousand_that_have_ended()
    {
        var order = WorkflowDefinitionBuilder
            .Named("Order")
            .Start(
                "Bill",
                step => step.ExternalId == "waiting" ? NextState.WaitFor("paid").Then("Done") : NextState.GoTo("Done"),
                ["Done"]
            )
            .End("Done")
            .Build();
        await using var engine = await EngineHarness.StartAsync(StoreKind.InMemory, g => g.AddDefinition(order));
        var waiting = await engine.CreateAsync("Order", "waiting");
        await engine.UntilAsync(waiting, workflow => workflow.AwaitedSignals is not null);
        var ended = await Task.WhenAll(
            Enumerable.Range(0, 1_001).Select(number => engine.CreateAsync("Order", $"ended {number}"))
        );
        foreach (var id in ended)
        {
            await engine.UntilAsync(id, WorkflowStatus.Finished);
        }

        var sent = await engine.Signals.SendAsync(
            new SendSignal
            {
                Name = "paid",
                BusinessKey = "test",
                WorkflowType = "Order",
                Actor = "ann",
            },
            Stop
        );

        Assert.Equal([waiting], sent.WorkflowIds);
        await engine.UntilAsync(waiting, WorkflowStatus.Finished);
    }

    [Fact]
    public async Task A_business_key_that_more_than_a_thousand_wait_with_is_refused()
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.InMemory, g => g.AddDefinition(Order()));
        await Task.WhenAll(Enumerable.Range(0, 1_001).Select(number => engine.CreateAsync("Order", $"open {number}")));

        var refusal = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Signals.SendAsync(
                new SendSignal
                {
                    Name = "paid",
                    BusinessKey = "test",
                    WorkflowType = "Order",
                    Actor = "ann",
                },
                Stop
            )
        );

        Assert.Equal("businessKey", Assert.Single(refusal.Faults).Field);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task No_more_signals_are_kept_than_the_limit(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Approval()),
            new EngineOptions { SignalsLimit = 2 }
        );
        var id = await engine.CreateAsync("Approval");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        Assert.Equal(OperationVerdict.Changed, (await engine.Signals.SendAsync(Paid(id, 1), Stop)).Verdict);
        Assert.Equal(OperationVerdict.Changed, (await engine.Signals.SendAsync(Paid(id, 2), Stop)).Verdict);
        Assert.Equal(OperationVerdict.Conflict, (await engine.Signals.SendAsync(Paid(id, 3), Stop)).Verdict);

        Assert.Equal(2, (await engine.Store.SignalsAsync(new SignalSearch(id), Stop)).Count);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_person_may_wait_behind_a_signal(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start(
                            "Wait",
                            _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Late").Then("Check"),
                            ["Check", "Late"]
                        )
                        .Manual("Check", "Done")
                        .End("Late")
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(Paid(id, 1), Stop);
        var waiting = await engine.UntilAsync(id, WorkflowStatus.Waiting);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal((null, null, null), (waiting.AwaitedSignals, waiting.KeptSignals, waiting.DeadlineState));
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        Assert.Contains("SIGNAL_TAKEN paid: Signal paid taken", await engine.HistoryAsync(id));
        Assert.Equal(WorkflowStatus.Waiting, (await engine.FindAsync(id)).Status);
    }

    [Fact]
    public async Task A_faulty_signal_names_its_fields_and_changes_nothing()
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.InMemory, g => g.AddDefinition(Order()));

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Signals.SendAsync(
                new()
                {
                    Name = " ",
                    Payload = "{",
                    WorkflowId = 1,
                    ExternalId = "one",
                    Actor = "ann",
                },
                Stop
            )
        );

        Assert.Equal(["name", "payload", "workflowId"], fault.Faults.Select(each => each.Field));
    }

    [Fact]
    public async Task A_payload_is_as_limited_as_variables_are()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Approval()),
            new EngineOptions { VariablesLimit = 100 }
        );
        var id = await engine.CreateAsync("Approval");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        var signal = Paid(id, 1) with { Payload = $"\"{new string('x', 200)}\"" };

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() => engine.Signals.SendAsync(signal, Stop));

        Assert.Equal("payload: expected at most 100 bytes (GFLOW_ENGINE_VARIABLES_LIMIT).", fault.Message);
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
    }

    [Fact]
    public async Task A_deadline_leads_to_a_declared_state()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState("W", _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Nowhere").Then("Done"))
                )
        );
        var id = await engine.CreateAsync("W");

        var ended = await engine.UntilAsync(id, WorkflowStatus.Error);

        Assert.Equal(
            "Invalid Transition: 'Work' may go to Work, Done, Ask, Bad, but asked for 'Nowhere'",
            ended.LastError
        );
    }

    private static SendSignal Paid(long id, int amount) =>
        new()
        {
            WorkflowId = id,
            Name = "paid",
            Payload = $$"""{"amount":{{amount}}}""",
            Actor = "ann",
        };

    private static WorkflowDefinition Order(TimeSpan before = default) =>
        WorkflowDefinitionBuilder
            .Named("Order")
            .Start(
                "Bill",
                _ =>
                    before == default
                        ? NextState.WaitFor("paid").OrAfter(ThreeDays, "Remind").Then("Ship")
                        : NextState.GoTo("Wait").After(before),
                ["Wait", "Ship", "Remind"]
            )
            .State("Wait", _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Remind").Then("Ship"), ["Ship", "Remind"])
            .State(
                "Ship",
                step =>
                {
                    step.Variables["paid"] = $"{step.Signal!.Get<Payment>().Amount}";
                    return NextState.GoTo("Done");
                },
                ["Done"]
            )
            .Manual("Remind", "Ship")
            .End("Done")
            .Build();

    private static WorkflowDefinition Approval() =>
        WorkflowDefinitionBuilder
            .Named("Approval")
            .Start("Begin", _ => NextState.GoTo("Ask").OrAfter(ThreeDays, "Escalated"), ["Ask"])
            .Manual("Ask", "Approved", "Escalated")
            .End("Approved")
            .End("Escalated")
            .Build();

    private sealed record Payment(int Amount);
}
