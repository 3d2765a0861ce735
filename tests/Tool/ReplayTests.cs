using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Testing;

namespace GopherFlow.Tool.Tests;

/// <summary><c>gopherflow replay</c>: the exit code says whether the current code repeats an exported history.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-tool-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_script_that_decides_as_before_has_no_differences()
    {
        Write("Credit.fsx", Script("1000"));

        var (code, output, error) = await ReplayAsync(await ExportAsync());

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("1 steps compared, 0 different", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_decides_differently_is_reported_with_the_step()
    {
        Write("Credit.fsx", Script("500"));

        var (code, output, error) = await ReplayAsync(await ExportAsync(), "--json");

        Assert.Equal((1, ""), (code, error));
        var report = JsonDocument.Parse(output).RootElement;
        Assert.False(report.GetProperty("same").GetBoolean());
        Assert.Equal(1, report.GetProperty("compared").GetInt32());
        var difference = Assert.Single(report.GetProperty("differences").EnumerateArray());
        Assert.Equal("Decide", difference.GetProperty("state").GetString());
        Assert.Equal("to 'Granted' at once", difference.GetProperty("expected").GetString());
        Assert.Equal("to 'Refused' at once", difference.GetProperty("actual").GetString());
    }

    [Fact]
    public async Task The_output_of_the_export_command_can_be_replayed()
    {
        await using var server = await DevServer.StartAsync(folder.FullName);
        var started = await Tool.RunAsync("start", "Greeting", "-e", "g-1", "--wait", "30", "--server", server.Url);
        Assert.Equal((0, ""), (started.Code, started.Error));
        var file = Write("printed.json", (await Tool.RunAsync("export", "g-1", "--server", server.Url)).Output);
        var scripts = Path.Combine(folder.FullName, "scripts");

        var same = await Tool.RunAsync("replay", file, "--scripts", scripts);
        var script = Path.Combine(scripts, "Greeting.fsx");
        await File.WriteAllTextAsync(
            script,
            (await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken)).Replace("Hello", "Good day"),
            TestContext.Current.CancellationToken
        );
        var changed = await Tool.RunAsync("replay", file, "--scripts", scripts);

        Assert.Equal((0, 1), (same.Code, changed.Code));
        Assert.Contains(
            "greeting: expected \"Hello, world\", got \"Good day, world\"",
            changed.Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(typeof(Credit), 0)]
    [InlineData(typeof(HarderCredit), 1)]
    public async Task A_workflow_class_of_an_assembly_can_be_replayed(Type today, int expected)
    {
        var export = RunExport.Parse(
            await File.ReadAllTextAsync(await ExportAsync(), TestContext.Current.CancellationToken)
        );
        var file = Write("named.json", (export with { WorkflowType = today.Name }).ToJson());

        var (code, _, error) = await Tool.RunAsync("replay", file, "--assembly", typeof(Credit).Assembly.Location);

        Assert.Equal((expected, ""), (code, error));
    }

    [Theory]
    [InlineData("none.json", "none.json")]
    [InlineData("faulty.json", "is not an exported workflow")]
    public async Task A_file_that_is_not_an_export_is_a_usage_error(string file, string message)
    {
        Write("faulty.json", """{"entries":1}""");

        var (code, _, error) = await ReplayAsync(Path.Combine(folder.FullName, file));

        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_or_invalid_workflow_code_is_reported()
    {
        var export = await ExportAsync();

        var missing = await ReplayAsync(export);
        Write("Credit.fsx", "let workflow = 1 +");
        var faulty = await ReplayAsync(export);
        var others = await Tool.RunAsync("replay", export, "--assembly", typeof(FlowTest).Assembly.Location);
        var nothing = await Tool.RunAsync("replay");

        Assert.Equal((2, 2, 2, 2), (missing.Code, faulty.Code, others.Code, nothing.Code));
        Assert.Contains("There is no Credit.fsx in", missing.Error, StringComparison.Ordinal);
        Assert.Contains("Credit.fsx(1,", faulty.Error, StringComparison.Ordinal);
        Assert.Contains("has no workflow Credit; it has none.", others.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_needs_services_cannot_be_replayed_by_the_tool()
    {
        var export = RunExport.Parse(
            await File.ReadAllTextAsync(await ExportAsync(), TestContext.Current.CancellationToken)
        );
        var file = Write("named.json", (export with { WorkflowType = nameof(AskingCredit) }).ToJson());

        var (code, _, error) = await Tool.RunAsync("replay", file, "--assembly", typeof(Credit).Assembly.Location);

        Assert.Equal(2, code);
        Assert.Contains("AskingCredit cannot be created here: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_an_assembly_is_reported()
    {
        var assembly = Write("Credit.dll", "no assembly");

        var (code, _, error) = await Tool.RunAsync("replay", await ExportAsync(), "--assembly", assembly);

        Assert.Equal((2, $"'{assembly}' is not a .NET assembly."), (code, error.Trim()));
    }

    private Task<(int Code, string Output, string Error)> ReplayAsync(string file, params string[] options) =>
        Tool.RunAsync(["replay", file, "--scripts", folder.FullName, .. options]);

    /// <summary>Exports a run in which a credit of 700 was granted.</summary>
    private async Task<string> ExportAsync()
    {
        await using var flow = await FlowTest.For<Credit>();
        var run = await flow.StartAsync(new { amount = 700 });
        await run.EndAsync("Granted");
        return Write("run.json", (await run.ExportAsync()).ToJson());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Script(string most) =>
        $$"""
            open GopherFlow.FSharp

            let decide (step: Step) =
                if step.Vars.Get<decimal> "amount" < {{most}}M then goto "Granted" else goto "Refused"

            let workflow =
                workflow "Credit" {
                    start "Decide" decide [ "Granted"; "Refused" ]
                    finish "Granted"
                    error "Refused"
                }
            """;
}

public class Credit : Workflow
{
    protected virtual decimal Most => 1000;

    [Start, GoesTo(Granted, Refused)]
    public NextState Decide() => GoTo(Variables.Get<decimal>("amount") < Most ? Granted : Refused);

    [End]
    public const string Granted = "Granted";

    [Error]
    public const string Refused = "Refused";
}

public sealed class HarderCredit : Credit
{
    protected override decimal Most => 500;
}

public sealed class AskingCredit(HttpClient bank) : Credit
{
    protected override decimal Most => bank.MaxResponseContentBufferSize;
}
