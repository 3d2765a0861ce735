using System.Net;
using GopherFlow.Definitions;
using GopherFlow.Webhooks;

namespace GopherFlow.Testing.Running;

/// <summary>Fake webhook receivers that accept everything without a network call.</summary>
internal sealed class StagedReceivers : HttpMessageHandler
{
    private const string AnySecret = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw";

    /// <summary>One receiver for each webhook named in the definitions.</summary>
    public static WebhookTargets Of(IEnumerable<WorkflowDefinition> definitions) =>
        new(
            [
                .. definitions
                    .SelectMany(definition => definition.Webhooks)
                    .Select(webhook => webhook.Name)
                    .Distinct()
                    .Select(name => new WebhookTarget(
                        name,
                        new Uri("http://webhook.invalid"),
                        [WebhookSecret.TryParse(AnySecret)!]
                    )),
            ],
            TimeSpan.FromMinutes(1)
        );

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
}
