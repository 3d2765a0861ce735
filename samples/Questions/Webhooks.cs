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
        // Nobody is called: the test kit stands in for the receivers. Elsewhere GFLOW_WEBHOOK_URLS says where they are.
        await using var flow = await FlowTest.For<Delivery>();
        var run = await flow.StartAsync(businessKey: "order 7");
        await run.EndAsync("Done");
        await flow.SettleAsync();

        // The news is a workflow of its own, which was created with the end. The alarm hears nothing of an end that is good.
        var told = flow.Runs.Single(each => each.WorkflowType == "WebhookDelivery");
        await told.EndAsync("Delivered");
        Check.Equal("shop", told.Variables["webhook"]);
        var body = told.Variables.Get<JsonElement>("event");
        Check.Equal("workflow.finished", body.GetProperty("type").GetString());
        Check.Equal("ann", body.GetProperty("data").GetProperty("output").GetProperty("signed").GetString());
        output.WriteLine(body);
    }
}
