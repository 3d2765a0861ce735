using System.Net;
using System.Net.Sockets;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Server;
using GopherFlow.Stores.Sqlite;
using Microsoft.AspNetCore.Builder;

namespace GopherFlow.Demo.Tests;

/// <summary>Configuration errors stop the program before anything runs, and all of them are reported at once.</summary>
public class SetupFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_definition_with_five_errors_stops_the_host_and_lists_all_five()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddGopherFlow(flow => flow.UseSqlite().AddWorkflow<FiveFaults>());
        await using var app = builder.Build();
        app.MapGopherFlow();

        var fault = await Assert.ThrowsAsync<InvalidDefinitionException>(() => app.StartAsync(Cancellation));

        var lines = fault.Message.Split(Environment.NewLine);
        Assert.Equal(5, fault.Faults.Count);
        Assert.Equal(6, lines.Length);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("  - FiveFaults", line, StringComparison.Ordinal));
        Assert.Equal(
            [null, "Island", "Lost", "Nothing", "Number"],
            fault.Faults.Select(found => found.State).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task All_invalid_settings_are_listed_at_once_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        var faulty = new Dictionary<string, string>
        {
            ["GFLOW_ENGINE_EXECUTOR_SIZE"] = "0",
            ["GFLOW_ENGINE_CHECK_DB_INTERVAL"] = "often",
            ["GFLOW_DATABASE_TYPE"] = "ORACLE",
            ["GFLOW_WEB_MAX_BODY_BYTES"] = "all",
            ["GFLOW_DEMO_SPEED"] = "fast",
            ["GFLOW_DEMO_IP_URL"] = "ifconfig.io",
        };
        await using var demo = DemoProcess.Start(folder.Path, faulty);

        var exitCode = await demo.ExitCodeAsync(Cancellation);

        Assert.Equal(1, exitCode);
        Assert.All(
            faulty,
            setting => Assert.Contains($"  - {setting.Key} is '{setting.Value}'; expected ", demo.Errors)
        );
        Assert.Contains($"{faulty.Count} faults", demo.Errors);
        Assert.DoesNotContain("   at ", demo.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task The_demo_starts_in_an_empty_folder_and_stops_gracefully()
    {
        using var folder = new TemporaryFolder();
        await using var demo = DemoProcess.Start(folder.Path, new Dictionary<string, string>());
        using var http = new HttpClient();

        var address = await demo.ListeningAsync(Cancellation);
        var health = await http.GetStringAsync(new Uri(address, "/health"), Cancellation);

        Assert.Equal("ok", health);
        Assert.Equal(0, await demo.StopAsync(Cancellation));
        Assert.True(File.Exists(folder.File("gflow.db")));
    }

    [Fact]
    public async Task A_port_in_use_is_reported_in_one_line_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var demo = DemoProcess.Start(
            folder.Path,
            new Dictionary<string, string> { ["HTTP_ADDR"] = $"{taken.LocalEndpoint}" }
        );

        Assert.Equal(1, await demo.ExitCodeAsync(Cancellation));
        Assert.StartsWith("GopherFlow cannot start: Failed to bind to address", demo.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", demo.Errors + demo.Output);
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_reported_without_a_stack_trace_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("gflow.db"), new string('x', 10_000), Cancellation);
        await using var demo = DemoProcess.Start(folder.Path, new Dictionary<string, string>());

        Assert.Equal(1, await demo.ExitCodeAsync(Cancellation));
        Assert.Contains("GopherFlow cannot start: 1 fault in its database.", demo.Errors);
        Assert.DoesNotContain("   at ", demo.Errors + demo.Output);
    }

    /// <summary>No Start state, a wrong return type, a target that is not a state, no way out, and an end state with a target.</summary>
    [Workflow("FiveFaults")]
    internal sealed class FiveFaults : Workflow
    {
        [End]
        public const string Done = "Done";

        [State, GoesTo(Done)]
        public int Number() => Step.Attempt;

        [State, GoesTo(Done, "Nowhere")]
        public NextState Lost() => GoTo(Step.State);

        [State]
        public NextState Nothing() => GoTo(Step.State);

        [Error, GoesTo(Done)]
        public const string Island = "Island";
    }
}
