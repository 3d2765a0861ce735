using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Questions;

/// <summary>A fake payment service that charges only once per idempotency key, as most payment services do.</summary>
public sealed class CardService
{
    private readonly Dictionary<string, decimal> charges = [];

    public int Calls { get; private set; }

    public decimal Total => charges.Values.Sum();

    public Task ChargeAsync(string idempotencyKey, decimal amount)
    {
        Calls++;
        charges.TryAdd(idempotencyKey, amount);
        return Task.CompletedTask;
    }
}

[Workflow("ChargeCard", "Charges a card once, no matter how often the step runs")]
public sealed partial class ChargeCard(CardService cards) : Workflow
{
    [Start]
    public async Task<NextState> Charge()
    {
        await cards.ChargeAsync(Step.StepKey, Variables.Get<decimal>("amount"));
        return To.Charged;
    }

    [End]
    public const string Charged = "Charged";
}

public static class Idempotent
{
    public static async Task RunAsync(TextWriter output)
    {
        var cards = new CardService();
        await using var flow = await FlowTest.For<ChargeCard>(services => services.AddSingleton(cards));
        // The process crashes after the call and before the commit, so no record of the call exists.
        flow.CrashAt("Charge");

        var run = await flow.StartAsync(new { amount = 40m });
        await run.EndAsync("Charged");

        Check.Equal(2, cards.Calls);
        Check.Equal(40m, cards.Total);
        output.WriteLine($"The service was called {cards.Calls} times and charged {cards.Total}.");
    }
}
