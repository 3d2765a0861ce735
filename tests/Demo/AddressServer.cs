using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Demo.Tests;

/// <summary>A real web server on the loopback address that returns a fixed sequence of responses.</summary>
internal sealed class AddressServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private int requests;

    private AddressServer(WebApplication app) => this.app = app;

    /// <summary>The number of requests received.</summary>
    public int Requests => Volatile.Read(ref requests);

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Starts on a port; 0 picks a free one. After the last response it is repeated for every further request.</summary>
    public static async Task<AddressServer> StartAsync(int port, params (int Status, string Body)[] responses)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        var server = new AddressServer(builder.Build());
        server.app.Run(context => server.RespondAsync(context, responses));
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task RespondAsync(HttpContext context, (int Status, string Body)[] responses)
    {
        var number = Interlocked.Increment(ref requests);
        var (status, body) = responses[Math.Min(number, responses.Length) - 1];
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }
}
