using System.IO.Pipelines;
using System.Net;
using GopherFlow.Webhooks;

namespace GopherFlow.Engine.Tests.Webhooks;

/// <summary>A receiver has answered as soon as its status code arrives.</summary>
public sealed class WebhookSenderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_status_counts_even_if_the_body_never_ends()
    {
        using var sender = Sender(limit: TimeSpan.FromMilliseconds(100));

        var answer = await SendAsync(sender, Stop);

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task The_caller_can_cancel_while_the_body_is_being_received()
    {
        using var sender = Sender(limit: TimeSpan.FromHours(1));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var attempt = SendAsync(sender, ended.Token);
        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    private static WebhookSender Sender(TimeSpan limit) =>
        new(
            new WebhookTargets(
                [
                    new WebhookTarget(
                        "shop",
                        new Uri("http://shop.invalid"),
                        [WebhookSecret.TryParse("whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw")!]
                    ),
                ],
                limit
            ),
            new OpenBody()
        );

    private static Task<WebhookAnswer> SendAsync(WebhookSender sender, CancellationToken cancellation) =>
        sender.SendAsync("shop", "webhook:1", "{}", DateTimeOffset.UnixEpoch, cancellation);

    /// <summary>Answers 200 with the beginning of a body that never ends.</summary>
    private sealed class OpenBody : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var body = new Pipe();
            await body.Writer.WriteAsync("accepted"u8.ToArray(), Stop);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body.Reader.AsStream()) };
        }
    }
}
