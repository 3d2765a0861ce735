using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Hosting;
using GopherFlow.Questions.Running;

namespace GopherFlow.Questions;

public sealed record Basket(string Customer, int Articles);

public sealed record Confirmed(string By);

public sealed record Receipt(string Customer, string ConfirmedBy);

[Workflow("Checkout")]
public sealed partial class Checkout : Workflow<Basket, Receipt>
{
    [Start]
    public NextState Begin() => To.Confirmation;

    [Manual]
    public NextState OnConfirmation(Confirmed confirmed)
    {
        Variables["confirmedBy"] = confirmed.By;
        return To.Done;
    }

    [End]
    public Receipt Done() => new(Data.Customer, Variables["confirmedBy"]!);
}

public static class Result
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var engine = await RunningEngine.StartAsync(flow => flow.UseInMemory().AddWorkflow<Checkout>());

        // Over HTTP, use new HttpWorkflowClient(...) instead. Everything else is the same.
        IWorkflowClient workflows = engine.Client;
        var checkout = await workflows.StartAsync<Checkout>("basket-1", new Basket("ada", 3));
        await checkout.SignalAsync(new Confirmed("ada"));
        var receipt = await checkout.ResultAsync<Receipt>();
        Check.Equal(new Receipt("ada", "ada"), receipt);

        // The key is an idempotency key: the same key returns the same workflow.
        var again = await workflows.StartAsync<Checkout>("basket-1", new Basket("ada", 3));
        Check.Equal(receipt, await again.ResultAsync<Receipt>());

        await foreach (var happening in again.HistoryAsync())
        {
            output.WriteLine($"{happening.To}: {string.Join("; ", happening.Lines)}");
        }
    }
}
