using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing.Tests;

public sealed record Order(string Item, decimal Total);

public sealed record Decision(bool Approved, string? By = null);

/// <summary>An external service.</summary>
public interface IPayments
{
    Task<string> ChargeAsync(string key, decimal amount);
}

internal sealed class Payments : IPayments
{
    /// <summary>The idempotency keys of the calls.</summary>
    public List<string> Keys { get; } = [];

    public Task<string> ChargeAsync(string key, decimal amount)
    {
        Keys.Add(key);
        return Task.FromResult($"receipt {Keys.Count} for {amount}");
    }
}

/// <summary>Charges an order. An order above 1000 waits for an approval, for three days at most.</summary>
[Workflow("Orders"), Input(typeof(Order))]
internal sealed class Orders(IPayments payments) : Workflow
{
    [End]
    public const string Done = "Done";

    [Error]
    public const string Refused = "Refused";

    protected override RetryPolicy Retry => RetryPolicy.Linear(2, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    [Start, GoesTo(nameof(Approval), nameof(Charge))]
    public NextState Check() =>
        Variables.Get<decimal>("total") > 1000
            ? WaitFor(nameof(Decision)).OrAfter(TimeSpan.FromDays(3), nameof(Charge)).Then(nameof(Approval))
            : GoTo(nameof(Charge));

    [State, GoesTo(nameof(Charge), Refused)]
    public NextState Approval() => GoTo(Signal!.Get<Decision>().Approved ? nameof(Charge) : Refused);

    [State, GoesTo(nameof(Thank))]
    public async Task<NextState> Charge()
    {
        Variables["receipt"] = await payments.ChargeAsync(Step.StepKey, Variables.Get<decimal>("total"));
        return GoTo(nameof(Thank)).After(TimeSpan.FromDays(2));
    }

    [State, GoesTo(Done)]
    public NextState Thank() => GoTo(Done).Returning(new { Receipt = Variables["receipt"] });

    public static async Task<(FlowTest Flow, Payments Payments)> TestAsync()
    {
        var payments = new Payments();
        var flow = await FlowTest.For<Orders>(services => services.AddSingleton<IPayments>(payments));
        return (flow, payments);
    }
}
