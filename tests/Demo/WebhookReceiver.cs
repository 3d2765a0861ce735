using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Demo.Tests;

/// <summary>A real web server on the loopback address that receives webhooks and responds with the given statuses or function.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Received> received = Channel.CreateUnbounded<Received>();
    private readonly Func<int, HttpContext, Task> respond;
    private int requests;

    private WebhookReceiver(WebApplication app, Func<int, HttpContext, Task> respond) =>
        (this.app, this.respond) = (app, respond);

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The number of requests received.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Responds with the statuses in order and repeats the last one.</summary>
    public static Task<WebhookReceiver> StartAsync(params int[] statuses) =>
        StartAsync(
            (number, context) =>
            {
                context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
                return context.Response.WriteAsync("the receiver says no more");
            }
        );

    /// <summary>Responds with a function. Its first argument is the number of the request, starting at 1.</summary>
    public static async Task<WebhookReceiver> StartAsync(Func<int, HttpContext, Task> respond)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build(), respond);
        receiver.app.Run(receiver.ReceiveAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits for the next request.</summary>
    public ValueTask<Received> NextAsync() => received.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        received.Writer.TryWrite(
            new Received(
                context.Request.Headers["webhook-id"].ToString(),
                context.Request.Headers["webhook-timestamp"].ToString(),
                context.Request.Headers["webhook-signature"].ToString(),
                body.ToArray()
            )
        );
        await respond(Interlocked.Increment(ref requests), context);
    }
}

/// <summary>A received webhook request.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonElement Event => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>Whether one of the signatures is valid for the secret, computed as a receiver would.</summary>
    public bool IsSignedBy(string secret)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        return Signature
            .Split(' ')
            .Contains($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, content))}", StringComparer.Ordinal);
    }
}
