using GopherFlow.Client;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GopherFlow.Questions.Running;

/// <summary>The engine as in an application, without a server, for samples that the test kit cannot show.</summary>
internal sealed class RunningEngine(IHost host) : IAsyncDisposable
{
    public IWorkflowClient Client => Get<IWorkflowClient>();

    public static async Task<RunningEngine> StartAsync(Action<GopherFlowRegistration> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        // On SQLite, work that another transaction created is found by polling. Poll every 20 ms instead of every three seconds.
        var options = new EngineOptions { CheckDbInterval = TimeSpan.FromMilliseconds(20) };
        builder.Services.AddGopherFlowEngine(options, register);
        var host = builder.Build();
        await host.StartAsync();
        return new RunningEngine(host);
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
