using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Webhook("shop"), Webhook("alarm", On = WorkflowEnds.Failed | WorkflowEnds.Cancelled)]
public sealed partial class Delivery : Workflow
{
    [Start]
    public NextState Drive() => To.Done.Returning(new { Signed = "ann" });

    [End]
    public const string Done = "Done";
}

public static class Webhooks
{
    public static async Task RunAsync(TextWriter output)
    {
        // No receiver is called: the test kit replaces them with fakes. In an application, GFLOW_WEBHOOK_URLS sets their URLs.
        await using var flow = await FlowTest.For<Delivery>();
        var run = await flow.StartAsync(businessKey: "order 7");
        await run.EndAsync("Done");
        await flow.SettleAsync();

        // A delivery is a workflow of its own, created when the other one ends. The alarm is not called for a successful end.
        var delivery = flow.Runs.Single(each => each.WorkflowType == "WebhookDelivery");
        await delivery.EndAsync("Delivered");
        Check.Equal("shop", delivery.Variables["webhook"]);
        var body = delivery.Variables.Get<JsonElement>("event");
        Check.Equal("workflow.finished", body.GetProperty("type").GetString());
        Check.Equal("ann", body.GetProperty("data").GetProperty("output").GetProperty("signed").GetString());
        output.WriteLine(body);
    }
}
