using System.Net.Http.Headers;
using System.Text;
using GopherFlow.Rules;

namespace GopherFlow.Webhooks;

/// <summary>Posts signed bodies to the receivers from the settings. It does not follow redirects, so it calls no other address.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>How much of a response body is read, in bytes.</summary>
    private const int LongestAnswer = 500;

    private readonly WebhookTargets targets;
    private readonly HttpClient client;

    public WebhookSender(WebhookTargets targets)
        : this(targets, HandlerFor(targets)) { }

    public WebhookSender(WebhookTargets targets, HttpMessageHandler handler)
    {
        this.targets = targets;
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("GopherFlow", null));
    }

    /// <summary>Posts a body to a receiver.</summary>
    /// <param name="name">The name of the receiver.</param>
    /// <param name="id">The id of the delivery, the same for each attempt.</param>
    /// <param name="body">The body, as JSON.</param>
    /// <param name="now">The timestamp to send.</param>
    /// <param name="cancellation">Cancels the attempt.</param>
    /// <returns>The response of the receiver.</returns>
    /// <exception cref="WebhookException">The receiver is unknown, cannot be reached, or does not answer in time.</exception>
    public async Task<WebhookAnswer> SendAsync(
        string name,
        string id,
        string body,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var target =
            targets.Find(name)
            ?? throw new WebhookException(
                $"This executor does not know the webhook '{name}'; expected it in GFLOW_WEBHOOK_URLS and GFLOW_WEBHOOK_SECRETS."
            );
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", WebhookSignature.Timestamp(now));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(id, now, bytes, target.Secrets));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(targets.Timeout);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new WebhookAnswer(
                (int)response.StatusCode,
                await BeginningOfAsync(response, limit.Token, cancellation)
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new WebhookException($"The webhook '{name}' did not answer within {targets.Timeout.TotalSeconds} s.");
        }
        catch (HttpRequestException failure)
        {
            throw new WebhookException($"The webhook '{name}' cannot be reached: {failure.Message}", failure);
        }
    }

    public void Dispose() => client.Dispose();

    private static SocketsHttpHandler HandlerFor(WebhookTargets targets) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = targets.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };

    /// <summary>
    /// Reads the beginning of the body. It only explains the status, so a body that breaks off or takes too long is replaced by an empty
    /// text.
    /// </summary>
    private static async Task<string> BeginningOfAsync(
        HttpResponseMessage response,
        CancellationToken limit,
        CancellationToken cancellation
    )
    {
        var bytes = new byte[LongestAnswer];
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(limit);
            var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, limit);
            return Encoding.UTF8.GetString(bytes, 0, read).CutAt(LongestAnswer).Storable();
        }
        catch (IOException)
        {
            return "";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "";
        }
    }
}

/// <summary>The response of a receiver.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The beginning of the body.</param>
internal readonly record struct WebhookAnswer(int Status, string Body);

/// <summary>A failed delivery attempt, which is retried.</summary>
internal sealed class WebhookException(string message, Exception? inner = null) : Exception(message, inner);
