using System.Text.Json;

namespace GopherFlow.Testing.Tests;

/// <summary>A test sees what webhooks would be told, and calls nobody.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task An_end_is_delivered_to_receivers_that_the_kit_stands_in_for()
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
        var told = delivery.Variables.Get<JsonElement>("event");
        Assert.Equal("workflow.finished", told.GetProperty("type").GetString());
        Assert.Equal(run.Id, told.GetProperty("data").GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task A_delivery_is_tried_again_after_a_failure_and_after_a_crash()
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
    public async Task Without_webhooks_there_is_no_delivery_to_run()
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
