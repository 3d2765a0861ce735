using System.Text.Json;

namespace GopherFlow.Testing.Tests;

/// <summary>A test can inspect webhook deliveries. No request is sent.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task The_end_of_a_workflow_is_delivered_without_a_real_receiver()
    {
        await using var flow = await FlowTest.For(Told());
        var run = await flow.StartAsync(businessKey: "order 7");

        await run.EndAsync("Done");
        await flow.SettleAsync();

        var delivery = flow.Runs[^1];
        await delivery.EndAsync("Delivered");
        Assert.Equal(
            ("WebhookDelivery", "order 7", "shop"),
            (delivery.WorkflowType, delivery.BusinessKey, delivery.Variables["webhook"])
        );
        var sent = delivery.Variables.Get<JsonElement>("event");
        Assert.Equal("workflow.finished", sent.GetProperty("type").GetString());
        Assert.Equal(run.Id, sent.GetProperty("data").GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task A_delivery_is_retried_after_a_failure_and_after_a_crash()
    {
        await using var flow = await FlowTest.For(Told());
        flow.FailAt("Deliver", 1, new HttpRequestException("away"));
        flow.CrashAt("Deliver", 2);
        var run = await flow.StartAsync();

        await run.EndAsync("Done");
        await flow.SettleAsync();

        await flow.Runs[^1].EndAsync("Delivered");
        Assert.Equal(2, flow.Runs.Count);
    }

    [Fact]
    public async Task Without_webhooks_there_is_no_delivery()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Quiet")
                .Start("Go", _ => NextState.GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );

        await (await flow.StartAsync()).EndAsync("Done");

        Assert.Single(flow.Runs);
        Assert.Throws<ArgumentException>(() => flow.CrashAt("Deliver"));
    }

    private static WorkflowDefinition Told() =>
        WorkflowDefinitionBuilder
            .Named("Told")
            .Webhook("shop")
            .Start("Go", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();
}
