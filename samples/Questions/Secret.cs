using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Storage;
using GopherFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Questions;

[Workflow("OpenAccount"), Secret("card")]
public sealed partial class OpenAccount : Workflow
{
    [Start]
    public NextState Check()
    {
        Variables["checked"] = $"card that ends with {Variables["card"]![^4..]}";
        return To.Opened;
    }

    [End]
    public const string Opened = "Opened";
}

public static class Secret
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<OpenAccount>();
        var run = await flow.StartAsync(new { card = "4111111111111111" });
        run.AssertState("Opened");

        // The history contains the name of the variable, but not its value.
        var store = flow.Services.GetRequiredService<IWorkflowStore>();
        var entries = await store.ActionsAsync(new ActionSearch(run.Id, Limit: 100), CancellationToken.None);
        var history = string.Join('\n', entries.Select(entry => entry.Entry.Changes));
        Check.That(history.Contains("card", StringComparison.Ordinal));
        Check.That(!history.Contains("4111111111111111", StringComparison.Ordinal));
        output.WriteLine(history);

        // The variable itself still exists. Remove it when no later step needs it.
        run.AssertVariable("card", "4111111111111111");
    }
}
