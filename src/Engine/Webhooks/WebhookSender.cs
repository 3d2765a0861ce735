using System.Net.Http.Headers;
using System.Text;
using GopherFlow.Rules;

namespace GopherFlow.Webhooks;

/// <summary>Posts signed bodies to the receivers that the settings name only: it follows no redirect.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>So much of an answer is read.</summary>
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

    /// <summary>Posts a body.</summary>
    /// <param name="name">The receiver.</param>
    /// <param name="id">The same for each attempt.</param>
    /// <param name="body">JSON.</param>
    /// <param name="now">When it is sent.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>What the receiver answered.</returns>
    /// <exception cref="WebhookException">It cannot be reached, or answers too late.</exception>
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

    /// <summary>The status counts. A body only explains it, so one that breaks off, or does not end within the limit, is left out.</summary>
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

/// <summary>What a receiver answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The beginning of the body.</param>
internal readonly record struct WebhookAnswer(int Status, string Body);

/// <summary>An attempt to deliver that has failed; another may succeed.</summary>
internal sealed class WebhookException(string message, Exception? inner = null) : Exception(message, inner);
