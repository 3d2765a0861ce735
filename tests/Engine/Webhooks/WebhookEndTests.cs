using System.Net;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Operations.Jobs;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using GopherFlow.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Engine.Tests.Webhooks;

/// <summary>Every end of a workflow whose definition has a webhook creates a delivery.</summary>
public sealed class WebhookEndTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_end_by_an_attempt_is_delivered()
    {
        await using var engine = await StartAsync();
        await EndAsync(engine, "good", WorkflowStatus.Finished);
        await EndAsync(engine, "bad", WorkflowStatus.Error);
        await EndAsync(engine, "throws", WorkflowStatus.Failed);
        await EndAsync(engine, "strays", WorkflowStatus.Error);

        Assert.Equal(
            [
                "bad: workflow.failed in Bad",
                "good: workflow.finished in Done",
                "strays: workflow.failed in Work",
                "throws: workflow.failed in Work",
            ],
            await DeliveriesAsync(engine.Store)
        );
    }

    [Fact]
    public async Task Ends_by_people_and_jobs_are_delivered()
    {
        await using var engine = await StartAsync();
        var (cancelled, moved, byJob) = (
            await RestAsync(engine, "cancelled"),
            await RestAsync(engine, "moved"),
            await RestAsync(engine, "by job")
        );

        await engine.Interventions.CancelAsync(new CancelWorkflow { WorkflowId = cancelled, Actor = "ann" }, Stop);
        await engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = moved,
                State = "Done",
                Actor = "ann",
            },
            Stop
        );
        await engine.Jobs.StartAsync(
            new JobRequest
            {
                Operation = new JobOperation.Cancel(),
                Filter = new WorkflowFilter { WorkflowTypes = ["Told"] },
                Actor = "ann",
            },
            Stop
        );
        await engine.UntilAsync(byJob, WorkflowStatus.Cancelled);

        Assert.Equal(
            [
                "by job: workflow.cancelled in Ask",
                "cancelled: workflow.cancelled in Ask",
                "moved: workflow.finished in Done",
            ],
            await DeliveriesAsync(engine.Store)
        );
    }

    /// <summary>A server without the code of a definition reads its webhooks from the database.</summary>
    [Fact]
    public async Task A_cancel_by_a_process_without_the_definition_is_delivered()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        await using var engine = await EngineHarness.StartAsync(store, clock, flow => flow.AddDefinition(Told()));
        var id = await RestAsync(engine, "order");
        await using var other = await EngineHarness.StartAsync(
            store,
            clock,
            flow => flow.AddDefinition(Machines.Trivial("Other"))
        );

        await other.Interventions.CancelAsync(new CancelWorkflow { WorkflowId = id, Actor = "ann" }, Stop);

        Assert.Equal(["order: workflow.cancelled in Ask"], await DeliveriesAsync(engine.Store));
    }

    [Fact]
    public async Task A_delivery_waits_for_a_process_that_knows_its_receiver()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            flow => flow.AddDefinition(Told()).AddDefinition(WebhookDelivery.For("desk"))
        );
        await EndAsync(engine, "good", WorkflowStatus.Finished);
        clock.Advance(TimeSpan.FromMinutes(1));
        await engine.RestAsync();
        var search = new WorkflowSearch { Filter = new WorkflowFilter { WorkflowTypes = ["WebhookDelivery"] } };
        var delivery = Assert.Single((await store.Workflows.SearchAsync(search, Stop)).Workflows);
        Assert.Equal((WorkflowStatus.New, 0), (delivery.Status, delivery.ExecutionCount));

        await using var other = await EngineHarness.StartAsync(
            store,
            clock,
            flow => flow.AddDefinition(WebhookDelivery.For("shop")),
            configure: services => services.AddSingleton(_ => SenderTo("shop"))
        );

        var delivered = await other.UntilAsync(delivery.Id, WorkflowStatus.Finished);
        Assert.Equal(("Delivered", 1), (delivered.State, delivered.ExecutionCount));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Deliveries_to_a_webhook_that_no_setting_names_are_logged_at_startup(bool isEnabled)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        await using (var before = await EngineHarness.StartAsync(store, clock, flow => flow.AddDefinition(Told())))
        {
            await EndAsync(before, "good", WorkflowStatus.Finished);
            await EndAsync(before, "bad", WorkflowStatus.Error);
        }

        using var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            flow => flow.AddDefinition(Told()),
            new EngineOptions { IsEnabled = isEnabled },
            logs
        );

        Assert.Equal(
            isEnabled ? 1 : 0,
            logs.Lines.Count(line =>
                line.StartsWith("Warning: 2 unfinished deliveries are for the webhook shop,", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task External_ids_of_deliveries_are_reserved()
    {
        await using var engine = await StartAsync();
        var rejected = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.CreateAsync("Told", "webhook:1")
        );
        var parent = await engine.CreateAsync("Parent", "p");

        var field = Assert.Single(rejected.Faults);
        Assert.Equal(("externalId", "a text that does not begin with webhook:"), (field.Field, field.Expected));
        Assert.Contains(
            "begins with webhook:, which is reserved for the engine",
            (await engine.UntilAsync(parent, WorkflowStatus.Failed)).LastError,
            StringComparison.Ordinal
        );
    }

    private static WebhookSender SenderTo(string webhook) =>
        new(
            new WebhookTargets(
                [
                    new WebhookTarget(
                        webhook,
                        new Uri("http://shop.invalid"),
                        [WebhookSecret.TryParse("whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw")!]
                    ),
                ],
                TimeSpan.FromMinutes(1)
            ),
            new Taken()
        );

    private static Task<EngineHarness> StartAsync() =>
        EngineHarness.StartAsync(
            StoreKind.InMemory,
            flow =>
                flow.AddDefinition(Told())
                    .AddDefinition(
                        Machines.OneState(
                            "Parent",
                            _ =>
                                NextState
                                    .GoTo("Done")
                                    .Spawn(new ChildRequest("Told", "child") { ExternalId = "webhook:2" })
                        )
                    )
        );

    private static WorkflowDefinition Told() =>
        WorkflowDefinitionBuilder
            .Named("Told")
            .Retry(RetryPolicy.None)
            .Webhook("shop")
            .Start("Work", Work, ["Done", "Bad", "Ask"])
            .Manual("Ask", "Done")
            .Error("Bad")
            .End("Done")
            .Build();

    private static NextState Work(StepContext step) =>
        step.ExternalId switch
        {
            "good" => NextState.GoTo("Done"),
            "bad" => NextState.GoTo("Bad"),
            "throws" => throw new InvalidOperationException("on purpose"),
            "strays" => NextState.GoTo("Nowhere"),
            _ => NextState.GoTo("Ask"),
        };

    private static async Task EndAsync(EngineHarness engine, string externalId, WorkflowStatus status) =>
        await engine.UntilAsync(await engine.CreateAsync("Told", externalId), status);

    private static async Task<long> RestAsync(EngineHarness engine, string externalId)
    {
        var id = await engine.CreateAsync("Told", externalId);
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        return id;
    }

    private static async Task<IEnumerable<string>> DeliveriesAsync(IWorkflowStore store)
    {
        var search = new WorkflowSearch { Filter = new WorkflowFilter { WorkflowTypes = ["WebhookDelivery"] } };
        return (await store.SearchAsync(search, Stop))
            .Workflows.Select(delivery => Variables.Parse(delivery.StateVars).Get<JsonElement>("event"))
            .Select(told =>
                $"{told.GetProperty("data").GetProperty("externalId")}: {told.GetProperty("type")} in "
                + told.GetProperty("data").GetProperty("state")
            )
            .Order(StringComparer.Ordinal);
    }

    /// <summary>A receiver that accepts every request.</summary>
    private sealed class Taken : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
    }
}
