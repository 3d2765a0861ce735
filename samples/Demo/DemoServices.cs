using GopherFlow.Settings;

namespace GopherFlow.Demo;

/// <summary>Registers the services that the demo workflows get by constructor injection.</summary>
public static class DemoServices
{
    // ifconfig.io sends the plain address to command-line user agents and an HTML page to all others.
    private const string CommandLineAgent = "curl/8";

    /// <summary>Adds the demos' settings and the HTTP client of <see cref="GetIpWorkflow"/>.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(DemoSettings.Read(settings));
        services.AddHttpClient(
            nameof(GetIpWorkflow),
            http =>
            {
                http.Timeout = TimeSpan.FromSeconds(30);
                http.DefaultRequestHeaders.UserAgent.ParseAdd(CommandLineAgent);
            }
        );
        return services;
    }
}
