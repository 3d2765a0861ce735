using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Only the end of a workflow creates deliveries: one for each subscribed webhook.</summary>
public sealed class WebhookRuleTests
{
    private static readonly Webhook All = new("shop");
    private static readonly Webhook Failures = new("alarm") { On = WorkflowEnds.Failed };

    private static readonly WorkflowRecord Running = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v1",
                BusinessKey = "customer 4",
                ExecutorGroup = "fast",
                Priority = 2,
                State = "Pay",
                NextActivation = AnyWorkflow.Now,
                ClaimedBy = 1,
                TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            },
            parentId: null,
            AnyWorkflow.Now.AddMinutes(-1)
        )
        .Workflow with
    {
        Id = 7,
    };

    private static readonly StepSucceeded Finishes = new(1, 0, new TargetState("Done", WorkflowStatus.Finished))
    {
        Output = """{"total":12}""",
        Webhooks = [All, Failures],
    };

    [Fact]
    public void The_delivery_describes_the_ended_workflow()
    {
        var delivery = Assert.Single(Decide(Running, Finishes).Deliveries);

        Assert.Equal(
            ("WebhookDelivery", "shop", "Deliver", "customer 4", "fast", 2, AnyWorkflow.Now, "workflow:7"),
            (
                delivery.WorkflowType,
                delivery.Version,
                delivery.State,
                delivery.BusinessKey,
                delivery.ExecutorGroup,
                delivery.Priority,
                delivery.NextActivation,
                delivery.CreatedBy
            )
        );
        Assert.Equal(Running.TraceParent, delivery.TraceParent);
        Assert.Equal(
            """
            {"webhook":"shop","event":{"type":"workflow.finished","timestamp":"2026-01-01T12:00:00+00:00","data":{"id":7,"externalId":"order-1","businessKey":"customer 4","workflowType":"Order","version":"v1","state":"Done","status":"FINISHED","output":{"total":12},"created":"2026-01-01T11:59:00+00:00","started":"2026-01-01T12:00:00+00:00","finished":"2026-01-01T12:00:00+00:00"}}}
            """,
            delivery.StateVars
        );
    }

    [Fact]
    public void A_webhook_receives_only_the_ends_it_subscribed_to()
    {
        var gaveUp = new StepGivenUp(1, 0, new StepError("Loop", "endless")) { Webhooks = [All, Failures] };
        var cancelled = new Cancelled("ann") { Webhooks = [All, Failures] };

        Assert.Equal(["shop"], ReceiversOf(Decide(Running, Finishes)));
        Assert.Equal(["shop", "alarm"], ReceiversOf(Decide(Running, gaveUp)));
        Assert.Equal(["shop"], ReceiversOf(Decide(Running, cancelled)));
        Assert.Equal(["workflow.failed", "workflow.failed"], TypesOf(Decide(Running, gaveUp)));
        Assert.Equal(["workflow.cancelled"], TypesOf(Decide(Running, cancelled)));
    }

    [Fact]
    public void Each_delivery_is_on_the_version_of_its_webhook()
    {
        var gaveUp = new StepGivenUp(1, 0, new StepError("Loop", "endless")) { Webhooks = [All, Failures] };

        Assert.Equal(["shop", "alarm"], Decide(Running, gaveUp).Deliveries.Select(delivery => delivery.Version));
    }

    [Fact]
    public void The_delivery_id_is_the_same_for_one_end_and_differs_between_ends()
    {
        var first = IdOf(Decide(Running, Finishes));

        Assert.Equal(first, IdOf(Decide(Running, Finishes)));
        Assert.StartsWith("webhook:", first, StringComparison.Ordinal);
        Assert.NotEqual(first, IdOf(Decide(Running with { Revision = 9 }, Finishes)));
        Assert.NotEqual(first, IdOf(Decide(Running with { Id = 8 }, Finishes)));
        Assert.NotEqual(first, IdOf(Decide(Running with { Created = AnyWorkflow.Now.AddHours(-1) }, Finishes)));
        Assert.NotEqual(first, IdOf(Decide(Running, Finishes with { Webhooks = [new Webhook("other")] })));
    }

    [Fact]
    public void Every_end_and_nothing_else_creates_one_delivery() =>
        Prop.ForAll(
                Arb.From(
                    from row in AnyWorkflow.Any
                    from what in Gen.Choose(0, 1000)
                    from detail in Gen.Choose(0, 1000)
                    select (Row: row, Event: AnyEvent.Of(row, what, detail) with { Webhooks = [All, Failures] })
                ),
                any => Check(any.Row, any.Event)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static void Check(WorkflowRecord before, WorkflowEvent happened)
    {
        if (WorkflowRule.Decide(before, happened, AnyWorkflow.Now) is not Ruling.Written written)
        {
            return;
        }

        var after = written.After;
        var ends = after.Status.IsFinal() && (!before.Status.IsFinal() || after.Finished != before.Finished);
        string[] expected =
            !ends ? []
            : after.Status is WorkflowStatus.Failed or WorkflowStatus.Error ? ["shop", "alarm"]
            : ["shop"];
        Assert.Equal(expected, ReceiversOf(written));
        Assert.All(written.Deliveries, delivery => JsonDocument.Parse(delivery.StateVars).Dispose());
    }

    private static Ruling.Written Decide(WorkflowRecord before, WorkflowEvent happened) =>
        Assert.IsType<Ruling.Written>(WorkflowRule.Decide(before, happened, AnyWorkflow.Now));

    private static IEnumerable<string> ReceiversOf(Ruling.Written ruling) =>
        ruling.Deliveries.Select(delivery => Variables.Parse(delivery.StateVars)["webhook"]!);

    private static IEnumerable<string?> TypesOf(Ruling.Written ruling) =>
        ruling.Deliveries.Select(delivery =>
            Variables.Parse(delivery.StateVars).Get<JsonElement>("event").GetProperty("type").GetString()
        );

    private static string IdOf(Ruling.Written ruling) => ruling.Deliveries[0].ExternalId;
}
