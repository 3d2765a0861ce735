using GopherFlow.Authoring;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

public sealed record Expense(string Who, decimal Amount);

public sealed record Decision(bool Approved, string By);

public sealed class ExpenseData
{
    public required decimal Amount { get; init; }

    public string? DecidedBy { get; set; }
}

[Workflow("Expenses", "A person decides, or the supervisor after three days")]
public sealed partial class Expenses : Workflow<Expense, ExpenseData, string>
{
    protected override ExpenseData Begin(Expense input) => new() { Amount = input.Amount };

    [Start]
    public NextState Ask() => Data.Amount < 100 ? To.Granted : To.Approval.OrAfter(To.Supervisor, days: 3);

    // A decision arrives as a record: from your own UI, with SignalAsync or over HTTP.
    [Manual]
    public NextState OnApproval(Decision decision)
    {
        Data.DecidedBy = decision.By;
        return decision.Approved ? To.Granted : To.Refused;
    }

    // A person moves the workflow to one of these states, in the console or with MoveAsync.
    [Manual, GoesTo(nameof(Granted), nameof(Refused))]
    public const string Supervisor = "Supervisor";

    [End]
    public string Granted() => $"granted by {Data.DecidedBy ?? "default, because the amount is small"}";

    [Error]
    public string Refused() => $"refused by {Data.DecidedBy}";
}

public static class Approval
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<Expenses>();

        var decided = await flow.StartAsync(new Expense("ann", 250));
        await decided.UntilAsync("Approval");
        await decided.SignalAsync(new Decision(true, "bob"));
        decided.AssertPath("Ask", "Approval", "Granted").AssertResult("granted by bob");
        output.WriteLine(decided);

        var late = await flow.StartAsync(new Expense("ann", 250));
        flow.Advance(days: 3);
        late.AssertState("Supervisor").AssertStatus(WorkflowStatus.Waiting);
        await late.MoveAsync("Refused");
        late.AssertPath("Ask", "Approval", "Supervisor", "Refused");
        output.WriteLine(late);
    }
}
