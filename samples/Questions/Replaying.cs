using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("Credit")]
public sealed partial class CreditOfYesterday : Workflow
{
    [Start]
    public NextState Decide() => Variables.Get<decimal>("amount") < 1000 ? To.Granted : To.Refused;

    [End]
    public const string Granted = "Granted";

    [Error]
    public const string Refused = "Refused";
}

[Workflow("Credit")]
public sealed partial class CreditOfToday : Workflow
{
    [Start]
    public NextState Decide() => Variables.Get<decimal>("amount") < 500 ? To.Granted : To.Refused;

    [End]
    public const string Granted = "Granted";

    [Error]
    public const string Refused = "Refused";
}

public static class Replaying
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var yesterday = await FlowTest.For<CreditOfYesterday>();
        var run = await yesterday.StartAsync(new { amount = 700 });
        await run.EndAsync("Granted");
        // Stored as a file next to the tests, or fetched from GET /api/workflows/{id}/history.
        var json = (await run.ExportAsync()).ToJson();

        await using var today = await FlowTest.For<CreditOfToday>();
        var report = await today.ReplayAsync(RunExport.Parse(json));

        Check.Equal(1, report.Differences.Count);
        output.WriteLine(report);
        (await yesterday.ReplayAsync(RunExport.Parse(json))).AssertSame();
    }
}
