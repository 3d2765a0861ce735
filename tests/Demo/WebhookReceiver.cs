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

/// <summary>A real web server on the loopback address that takes webhooks: it checks what is signed with a secret, and answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Received> received = Channel.CreateUnbounded<Received>();
    private readonly Func<int, HttpContext, Task> answer;
    private int requests;

    private WebhookReceiver(WebApplication app, Func<int, HttpContext, Task> answer) =>
        (this.app, this.answer) = (app, answer);

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>How often it was asked.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Answers with these statuses, the last of them again and again.</summary>
    public static Task<WebhookReceiver> StartAsync(params int[] statuses) =>
        StartAsync(
            (number, context) =>
            {
                context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
                return context.Response.WriteAsync("the receiver says no more");
            }
        );

    /// <summary>Answers as a function does, which is told the number of the request.</summary>
    public static async Task<WebhookReceiver> StartAsync(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build(), answer);
        receiver.app.Run(receiver.ReceiveAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>The next that came.</summary>
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
        await answer(Interlocked.Increment(ref requests), context);
    }
}

/// <summary>What came.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonElement Event => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>Whether one of its signatures is by a secret: reckoned here once more, as a receiver would.</summary>
    public bool IsSignedBy(string secret)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        return Signature
            .Split(' ')
            .Contains($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, content))}", StringComparer.Ordinal);
    }
}
