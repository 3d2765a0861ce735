using GopherFlow.Settings;

namespace GopherFlow.Demo;

/// <summary>
/// The command <c>health</c>: asks the server that runs on this machine under the same settings whether it lives. For containers, whose image
/// may have neither a shell nor curl.
/// </summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>The exit code: 0 when it answers.</returns>
    public static async Task<int> RunAsync(SettingsReader settings)
    {
        var address = settings.Text("HTTP_ADDR", $":{settings.Text("GFLOW_ENGINE_SERVER_WEB_PORT", "8080")}");
        var host = address.StartsWith(':') ? $"127.0.0.1{address}" : address;
        using var http = new HttpClient(new HttpClientHandler { UseProxy = false }) { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{host}/health"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(trouble.Message);
            return 1;
        }
    }
}
