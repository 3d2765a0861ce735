using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Runs;
using GopherFlow.Server;
using GopherFlow.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Bench.Http;

/// <summary>The complete server in this process, hosted like in an application.</summary>
internal sealed class ServerUnderTest(WebApplication app) : IAsyncDisposable
{
    public const string ApiKey = "bench-key-of-the-admin";

    public Uri Address => new(app.Urls.First());

    public static async Task<ServerUnderTest> StartAsync(Target engine, BenchOptions options)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = Path.GetTempPath() }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["HTTP_ADDR"] = "127.0.0.1:0",
                ["GFLOW_ENGINE_EXECUTOR_SIZE"] = $"{options.Slots}",
                ["GFLOW_ENGINE_BATCH_SIZE"] = $"{options.Batch}",
                ["GFLOW_ADMIN_PASSWORD"] = "a password that nobody types",
                ["GFLOW_ADMIN_API_KEY"] = ApiKey,
            }
        );
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        var database = BenchDatabase.Of(options.Database);
        builder.AddGopherFlow(
            new SettingsReader(name => builder.Configuration[name]),
            flows =>
            {
                database.Use(flows, engine);
                flows.AddDefinition(ThreeStates.Definition);
            }
        );
        var app = builder.Build();
        app.MapGopherFlow();
        await app.StartAsync();
        return new ServerUnderTest(app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
