using System.Net;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Webhooks;

/// <summary>
/// The engine's built-in workflow that notifies one receiver of the end of one workflow. Its version is the name of the receiver, so only
/// executors with settings for that receiver claim it.
/// </summary>
internal static class WebhookDelivery
{
    private const string Delivered = "Delivered";
    private const string Gone = "Gone";

    /// <summary>Delays double from 5 seconds up to 12 hours. Delivery fails for good after more than a day.</summary>
    private static readonly RetryPolicy Retry = RetryPolicy.Exponential(
        15,
        TimeSpan.FromSeconds(5),
        TimeSpan.FromHours(12)
    );

    /// <summary>The definition for a receiver.</summary>
    public static WorkflowDefinition For(string webhook) =>
        WorkflowDefinitionBuilder
            .Named(WebhookRule.DeliveryType)
            .Version(webhook)
            .Description("Notifies a webhook that a workflow has ended")
            .Retry(Retry)
            .Retention(new Retention { Finished = TimeSpan.FromDays(7) })
            .Start(WebhookRule.DeliveryState, step => DeliverAsync(webhook, step), [Delivered, Gone])
            .End(Delivered)
            .Error(Gone)
            .Build();

    private static async Task<NextState> DeliverAsync(string name, StepContext step)
    {
        var answer = await step
            .Services.GetRequiredService<WebhookSender>()
            .SendAsync(
                name,
                step.ExternalId,
                step.Variables.Get<JsonElement>(WebhookRule.EventVariable).GetRawText(),
                step.Clock.GetUtcNow(),
                step.Cancellation
            );
        return answer.Status switch
        {
            >= 200 and <= 299 => NextState.GoTo(Delivered).Log($"'{name}' answered {answer.Status}"),
            (int)HttpStatusCode.Gone => NextState.GoTo(Gone).Log($"'{name}' answered 410: it wants no more of these"),
            >= 300 and <= 399 => throw new WebhookException(
                $"The webhook '{name}' answered {answer.Status}; redirects are not followed, so configure the final address."
            ),
            _ => throw new WebhookException($"The webhook '{name}' answered {answer.Status}: {answer.Body}"),
        };
    }
}
