using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.SignalMachines;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Requests that send a signal: how they address workflows, and which of them are rejected.</summary>
public sealed class SignalRequestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_signal_is_addressed_by_external_id_or_business_key_and_may_create_its_workflow(StoreKind kind)
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
    public async Task A_signal_finds_one_unfinished_workflow_after_a_thousand_ended_ones()
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
    public async Task A_business_key_of_more_than_a_thousand_waiting_workflows_is_rejected()
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

    [Fact]
    public async Task Errors_of_the_workflow_to_create_have_the_path_of_that_part_of_the_request()
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
    public async Task The_error_for_an_invalid_signal_names_the_fields_and_nothing_changes()
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
    public async Task The_variables_limit_applies_to_payloads()
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
}
