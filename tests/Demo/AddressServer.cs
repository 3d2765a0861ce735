using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Demo.Tests;

/// <summary>A real web server on the loopback address that answers each request with the next of its answers.</summary>
internal sealed class AddressServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private int requests;

    private AddressServer(WebApplication app) => this.app = app;

    /// <summary>How often it was asked.</summary>
    public int Requests => Volatile.Read(ref requests);

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Starts on a port; 0 takes a free one. The last answer is given to every request from then on.</summary>
    public static async Task<AddressServer> StartAsync(int port, params (int Status, string Body)[] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        var server = new AddressServer(builder.Build());
        server.app.Run(context => server.AnswerAsync(context, answers));
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext context, (int Status, string Body)[] answers)
    {
        var number = Interlocked.Increment(ref requests);
        var (status, body) = answers[Math.Min(number, answers.Length) - 1];
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }
}
