using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.Demo.Tests;

/// <summary>A server without an executor, and an executor without a server.</summary>
public sealed class DividedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SQLITE")]
    [InlineData("POSTGRES")]
    public async Task The_executor_runs_workflows_created_on_the_server(string database)
    {
        using var folder = new TemporaryFolder();
        var settings = await SettingsOverAsync(database, folder);
        await using var server = DemoProcess.Start(folder.Path, With(settings, "GFLOW_ENGINE_ENABLED", "false"));
        using var http = new HttpClient { BaseAddress = await server.ListeningAsync(Stop) };
        http.DefaultRequestHeaders.Add("X-API-Key", SharedDatabase.ApiKey);
        var early = await CreateAsync(http);
        Assert.Equal("NEW", (await GetAsync(http, $"api/workflows/{early}")).GetProperty("status").GetString());
        Assert.Equal(
            0,
            Assert.Single((await GetAsync(http, "api/executors")).EnumerateArray()).GetProperty("capacity").GetInt32()
        );

        await using var executor = DemoProcess.Start(folder.Path, With(settings, "GFLOW_SERVER_ENABLED", "false"));
        await executor.ListeningAsync(Stop);

        await FinishesAsync(http, early);
        await FinishesAsync(http, await CreateAsync(http));
    }

    [Fact]
    public async Task An_executor_without_a_server_answers_only_probes()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["GFLOW_SERVER_ENABLED"] = "false" };
        await using var executor = DemoProcess.Start(folder.Path, settings);
        using var http = new HttpClient { BaseAddress = await executor.ListeningAsync(Stop) };

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(http, "health"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(http, "ready"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(http, "api/definitions"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(http, ""));
        Assert.Equal(0, await executor.StopAsync(Stop));
        Assert.DoesNotContain("password", executor.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_process_without_server_and_engine_does_not_start()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["GFLOW_ENGINE_ENABLED"] = "false",
            ["GFLOW_SERVER_ENABLED"] = "false",
        };
        await using var idle = DemoProcess.Start(folder.Path, settings);

        Assert.Equal(1, await idle.ExitCodeAsync(Stop));
        Assert.Contains("GFLOW_SERVER_ENABLED is 'false'; expected true", idle.Errors);
    }

    [Fact]
    public async Task Environment_variables_override_appsettings_json()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.File("appsettings.json"),
            """
            {
              "GFLOW_DATABASE_SQLLITE_FILE_NAME": "of-the-file.db",
              "GFLOW_ENGINE_EXECUTOR_SIZE": 3,
              "GFLOW_SERVER_ENABLED": true,
              "GFLOW_ENGINE_ENABLED": false,
              "EXECUTOR_NAME": "of the file",
              "GFLOW_ADMIN_API_KEY": "a-key-of-the-admin-0001"
            }
            """,
            Stop
        );
        var settings = new Dictionary<string, string>
        {
            ["EXECUTOR_NAME"] = "of the environment",
            ["GFLOW_ENGINE_ENABLED"] = "true",
        };
        await using var demo = DemoProcess.Start(folder.Path, settings);
        using var http = new HttpClient { BaseAddress = await demo.ListeningAsync(Stop) };
        http.DefaultRequestHeaders.Add("X-API-Key", SharedDatabase.ApiKey);

        var executor = Assert.Single((await GetAsync(http, "api/executors")).EnumerateArray());

        Assert.True(File.Exists(folder.File("of-the-file.db")));
        Assert.Equal("of the environment", executor.GetProperty("name").GetString());
        Assert.Equal(3, executor.GetProperty("capacity").GetInt32());
        Assert.NotEmpty(executor.GetProperty("version").GetString()!);
    }

    /// <summary>On PostgreSQL the executor polls only every hour, so it must be notified.</summary>
    private static async Task<Dictionary<string, string>> SettingsOverAsync(string database, TemporaryFolder folder) =>
        new(await SharedDatabase.SettingsAsync(database, folder, Stop))
        {
            ["GFLOW_DEMO_SPEED"] = "10000",
            ["GFLOW_ENGINE_CHECK_DB_INTERVAL"] = database == "POSTGRES" ? "1h" : "100ms",
        };

    private static Dictionary<string, string> With(Dictionary<string, string> settings, string name, string value) =>
        new(settings) { [name] = value };

    private static async Task<long> CreateAsync(HttpClient http)
    {
        var request = new
        {
            externalId = Guid.NewGuid().ToString(),
            executorGroup = "default",
            workflowType = "DemoWorkflow",
            businessKey = "anybody",
        };
        using var response = await http.PostAsJsonAsync("api/workflows", request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetInt64();
    }

    private static async Task FinishesAsync(HttpClient http, long id)
    {
        while ((await GetAsync(http, $"api/workflows/{id}")).GetProperty("status").GetString() != "FINISHED")
        {
            await Task.Delay(50, Stop);
        }
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) =>
        await http.GetFromJsonAsync<JsonElement>(path, Stop);

    private static async Task<HttpStatusCode> StatusOfAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return response.StatusCode;
    }
}
