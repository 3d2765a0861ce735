using GopherFlow.Settings;

namespace GopherFlow.Demo;

/// <summary>
/// The command <c>health</c>: calls the health check of the server that runs on this machine with the same settings. For containers whose
/// image has neither a shell nor curl.
/// </summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>The exit code: 0 if the server is healthy, otherwise 1.</returns>
    public static async Task<int> RunAsync(SettingsReader settings)
    {
        var address = settings.Text("HTTP_ADDR", $":{settings.Text("GFLOW_ENGINE_SERVER_WEB_PORT", "8080")}");
        var host = address.StartsWith(':') ? $"127.0.0.1{address}" : address;
        using var http = new HttpClient(new HttpClientHandler { UseProxy = false }) { Timeout = Limit };
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{host}/health"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
