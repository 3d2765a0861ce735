using System.Net;
using System.Net.Sockets;

namespace GopherFlow.Demo.Tests;

/// <summary>Runs the program of the getting-started page. Startup errors are printed in plain words without a stack trace.</summary>
public sealed class DocumentedProgramTests
{
    private static readonly Lazy<string> Program = new(Compile);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invalid_setting_is_reported_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        await using var program = Start(folder, ("GFLOW_ENGINE_EXECUTOR_SIZE", "none"));

        await AssertCannotStartAsync(program, "  - GFLOW_ENGINE_EXECUTOR_SIZE is 'none'; expected a whole number");
    }

    [Fact]
    public async Task A_port_in_use_is_reported_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var program = Start(folder, ("HTTP_ADDR", $"{taken.LocalEndpoint}"));

        await AssertCannotStartAsync(program, "Failed to bind to address");
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_reported_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("gflow.db"), new string('x', 10_000), Cancellation);
        await using var program = Start(folder);

        await AssertCannotStartAsync(program, "is not a SQLite database");
    }

    [Fact]
    public async Task Stopping_while_waiting_for_the_database_exits_with_0()
    {
        using var folder = new TemporaryFolder();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        silent.Stop();
        await using var program = Start(
            folder,
            ("GFLOW_DATABASE_TYPE", "POSTGRES"),
            ("GFLOW_DATABASE_URL", $"postgres://nobody:secret@127.0.0.1:{port}/nothing")
        );
        await program.PrintsAsync("127.0.0.1", Cancellation);

        Assert.Equal(0, await program.StopAsync(Cancellation));
        Assert.Equal("", program.Errors);
        Assert.DoesNotContain("   at ", program.Output);
    }

    private static async Task AssertCannotStartAsync(DemoProcess program, string reason)
    {
        Assert.Equal(1, await program.ExitCodeAsync(Cancellation));
        Assert.StartsWith("GopherFlow cannot start: ", program.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, program.Errors);
        Assert.DoesNotContain("   at ", program.Errors + program.Output);
    }

    private static DemoProcess Start(TemporaryFolder folder, params (string Name, string Value)[] settings) =>
        DemoProcess.StartBeside(
            Program.Value,
            folder.Path,
            settings.ToDictionary(setting => setting.Name, setting => setting.Value)
        );

    private static string Compile()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Samples.dll");
        using var file = File.Create(path);
        var result = DocumentationTests.ProgramOf("docs/start/README.md").Emit(file);
        return result.Success ? path : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }
}
