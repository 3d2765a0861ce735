using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Operations;
using GopherFlow.Questions.Running;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Questions;

[Workflow("Loan", Version = "1")]
public sealed partial class LoanOne : Workflow
{
    [Start]
    public NextState Ask() => WaitFor("answer").Then(To.Review);

    [State]
    public NextState Review() => To.Done.Returning("version 1");

    [End]
    public const string Done = "Done";
}

[Workflow("Loan", Version = "2")]
public sealed partial class LoanTwo : Workflow
{
    [Start]
    public NextState Ask() => WaitFor("answer").Then(To.Decide);

    [State]
    public NextState Decide() => To.Done.Returning("version 2");

    [End]
    public const string Done = "Done";
}

public static class Versions
{
    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        await using (
            var before = await RunningEngine.StartAsync(flow => flow.UseSqlite(file.Path).AddWorkflow<LoanOne>())
        )
        {
            await before.Client.StartAsync("Loan", "stays");
            await before.Client.StartAsync("Loan", "moves");
        }

        // The newest version is added last. New workflows start on it; workflows in flight stay on their version.
        await using var engine = await RunningEngine.StartAsync(flow =>
            flow.UseSqlite(file.Path).AddWorkflow<LoanOne>().AddWorkflow<LoanTwo>()
        );
        await engine.Client.StartAsync("Loan", "new");
        await MoveAsync(engine, output);

        Check.Equal("version 1", await AnswerAsync(engine, "stays"));
        Check.Equal("version 2", await AnswerAsync(engine, "moves"));
        Check.Equal("version 2", await AnswerAsync(engine, "new"));
    }

    private static async Task MoveAsync(RunningEngine engine, TextWriter output)
    {
        var move = new MoveVersions
        {
            Name = "Loan",
            From = "1",
            To = "2",
            States = new Dictionary<string, string> { ["Review"] = "Decide" },
            WorkflowIds = [(await engine.Client.Handle("moves").QueryAsync()).Id],
            DryRun = true,
            Actor = "ann",
        };
        var versions = engine.Get<VersionOperations>();
        var forecast = await versions.MoveAsync(move);
        Check.Equal(0, forecast.Refusals.Count);
        foreach (var line in forecast.Plan)
        {
            output.WriteLine($"{line.Workflows} in {line.From} would go to {line.To}");
        }

        Check.Equal(1, (await versions.MoveAsync(move with { DryRun = false })).Moved);
    }

    private static async Task<string> AnswerAsync(RunningEngine engine, string key)
    {
        var loan = engine.Client.Handle(key);
        await loan.SignalAsync("answer");
        return await loan.ResultAsync<string>();
    }
}
