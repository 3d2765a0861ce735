using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using GopherFlow.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Crash;

/// <summary>One executor process: runs the engine over the database given by environment variables, until stopped or killed.</summary>
internal static class ExecutorProgram
{
    public static async Task<int> RunAsync()
    {
        var settings = new SettingsReader(Environment.GetEnvironmentVariable);
        var options = EngineSettings.Read(settings);
        var clock = new WrongClock(TimeSpan.FromSeconds(settings.WholeNumber(WrongClock.Setting, 0, -3600, 3600)));
        var registration = new GopherFlowRegistration().UseSqlite().UsePostgres().UseMySql();
        foreach (var definition in Workload.Registry.All)
        {
            registration.AddDefinition(definition);
        }

        registration.ReadSettings(settings);
        settings.ThrowIfFaulty();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(new EngineClocks(clock));
        builder.Services.AddGopherFlowEngine(options, registration);
        using var host = builder.Build();
        try
        {
            await host.RunAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopped before startup had completed.
        }

        return 0;
    }
}
