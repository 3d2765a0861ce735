using GopherFlow.Authoring;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

public sealed record Paid(decimal Amount);

[Workflow("AwaitPayment", "Waits for a payment for at most two weeks")]
public sealed partial class AwaitPayment : Workflow
{
    [Start]
    public NextState Bill() => WaitFor(nameof(Paid)).OrAfter(TimeSpan.FromDays(14), To.Remind).Then(To.Ship);

    [State]
    public NextState Ship() => To.Shipped.Returning(Signal!.Get<Paid>().Amount);

    [State]
    public NextState Remind() => To.Overdue.Log("no payment for two weeks");

    [End]
    public const string Shipped = "Shipped";

    [Error]
    public const string Overdue = "Overdue";
}

public static class Signal
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<AwaitPayment>();

        var paid = await flow.StartAsync();
        flow.Advance(days: 13);
        await paid.SignalAsync(new Paid(25));
        paid.AssertPath("Bill", "Ship", "Shipped").AssertResult(25);
        output.WriteLine(paid);

        var forgotten = await flow.StartAsync();
        flow.Advance(days: 14);
        forgotten.AssertState("Overdue");
        output.WriteLine(forgotten);
    }
}
