using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace GopherFlow.Demo.Tests;

/// <summary>Scripts in several processes over one database.</summary>
public sealed class ScriptClusterTests
{
    /// <summary>One process alone needs about a second. Here three processes start their compilers at once, perhaps on two cores.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SQLITE")]
    [InlineData("POSTGRES")]
    public async Task A_deployed_script_runs_in_all_processes_within_seconds_and_after_a_restart(string database)
    {
        using var folder = new TemporaryFolder();
        var settings = await SharedDatabase.SettingsAsync(database, folder, Stop);
        settings["GFLOW_SCRIPTS_CACHE"] = folder.File("cache");
        await using var first = await Executor.StartAsync(folder.Path, settings);
        await using var second = await Executor.StartAsync(folder.Path, settings);
        string version;
        await using (var third = await Executor.StartAsync(folder.Path, settings))
        {
            await first.DeployAsync(Greeter("good morning"));
            await Task.WhenAll(first.GreetsAsync("good morning"), second.GreetsAsync("good morning"));

            version = await first.DeployAsync(Greeter("good evening"));
            var deployed = Stopwatch.GetTimestamp();
            Executor[] all = [first, second, third];
            var versions = await Task.WhenAll(all.Select(executor => executor.GreetsAsync("good evening")));

            Assert.InRange(Stopwatch.GetElapsedTime(deployed), TimeSpan.Zero, Spread);
            Assert.Equal([version], versions.Distinct());
            third.Kill();
        }

        await using var again = await Executor.StartAsync(folder.Path, settings);
        Assert.Equal(version, await again.GreetsAsync("good evening"));
    }

    private static string Greeter(string words) =>
        $$"""
            open GopherFlow.FSharp

            let greet (step: Step) =
                step.Vars["words"] <- "{{words}}"
                goto "Done"

            let workflow =
                workflow "Greeter" {
                    start "Greet" greet [ "Done" ]
                    finish "Done"
                }
            """;

    /// <summary>A process with an executor, and its HTTP client.</summary>
    private sealed class Executor(DemoProcess process, HttpClient http) : IAsyncDisposable
    {
        public static async Task<Executor> StartAsync(string folder, IReadOnlyDictionary<string, string> settings)
        {
            var process = DemoProcess.Start(folder, settings);
            var http = new HttpClient { BaseAddress = await process.ListeningAsync(Stop) };
            http.DefaultRequestHeaders.Add("X-API-Key", SharedDatabase.ApiKey);
            return new Executor(process, http);
        }

        /// <returns>The deployed version.</returns>
        public async Task<string> DeployAsync(string source)
        {
            var reply = await SendAsync(HttpMethod.Put, "api/scripts/Greeter", new { source });
            Assert.True(reply.TryGetProperty("version", out var version), reply.ToString());
            return version.GetString()!;
        }

        /// <summary>Runs workflows on this process one after the other until one returns the words.</summary>
        /// <returns>The version of that workflow.</returns>
        public async Task<string> GreetsAsync(string words)
        {
            while (true)
            {
                Stop.ThrowIfCancellationRequested();
                var reply = await SendAsync(HttpMethod.Post, "api/createAndWait", NewGreeting());
                if (
                    reply.TryGetProperty("stateVars", out var variables)
                    && variables.TryGetProperty("words", out var greeting)
                    && greeting.GetString() == words
                )
                {
                    return reply.GetProperty("version").GetString()!;
                }
            }
        }

        public void Kill() => process.Kill();

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await process.DisposeAsync();
        }

        private async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
            using var response = await http.SendAsync(request, Stop);
            return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }

        private static object NewGreeting() =>
            new
            {
                createWorkflowRequest = new
                {
                    externalId = Guid.NewGuid().ToString(),
                    executorGroup = "default",
                    workflowType = "Greeter",
                    businessKey = "anybody",
                },
                waitSeconds = 5,
                waitForStates = new[] { "Done" },
            };
    }
}
