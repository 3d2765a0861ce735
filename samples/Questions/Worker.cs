using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Hosting;
using GopherFlow.Questions.Running;
using GopherFlow.Settings;
using GopherFlow.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Questions;

[Workflow("Resize", "Makes a picture smaller")]
public sealed partial class Resize : Workflow
{
    [Start]
    public NextState Shrink() => To.Done.Returning("small");

    [End]
    public const string Done = "Done";
}

public static class Worker
{
    /// <summary>Configures a program that runs workflows without listening on a port.</summary>
    public static HostApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        var settings = new SettingsReader(name => builder.Configuration[name]);
        var flow = new GopherFlowRegistration();
        flow.UseSqlite().AddWorkflow<Resize>();
        flow.ReadSettings(settings);
        var options = EngineSettings.Read(settings);
        settings.ThrowIfFaulty();
        builder.Services.AddGopherFlowEngine(options, flow);
        return builder;
    }

    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        var builder = CreateBuilder([$"--GFLOW_DATABASE_SQLLITE_FILE_NAME={file.Path}"]);
        builder.Logging.ClearProviders();
        using var host = builder.Build();
        await host.StartAsync();

        var picture = await host.Services.GetRequiredService<IWorkflowClient>().StartAsync<Resize>("picture-1");
        Check.Equal("small", await picture.ResultAsync<string>());

        // Same as on SIGTERM: running steps complete, and claims are released.
        await host.StopAsync();
        output.WriteLine("picture-1 was resized by a process without a port.");
    }
}
