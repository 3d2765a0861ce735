using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Storage;
using GopherFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Questions;

[Workflow("Meter", "Reads a meter every hour, forever")]
public sealed partial class Meter : Workflow
{
    [Start]
    public NextState Read()
    {
        var total = Variables.Get("total", 0) + 1;
        Variables.Set("total", total);
        if (total % 24 != 0)
        {
            return To.Read.After(hours: 1);
        }

        // Each day starts with a new history and only the variables that it needs.
        var next = new Variables();
        next.Set("total", total);
        return To.Read.After(hours: 1).ContinuingAnew(next);
    }

    [End]
    public const string Done = "Done";

    [State, OnCancel]
    public NextState Stop() => To.Done;
}

public static class ForEver
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<Meter>();
        var run = await flow.StartAsync();

        flow.Advance(days: 30);

        run.AssertVariable("total", (30 * 24) + 1);
        var store = flow.Services.GetRequiredService<IWorkflowStore>();
        var history = await store.ActionsAsync(new ActionSearch(run.Id, Limit: 1_000), CancellationToken.None);
        Check.That(history.Count < 60);
        output.WriteLine($"{(30 * 24) + 1} readings; the history has {history.Count} entries.");
        await run.CancelAsync();
        await run.EndAsync("Done");
    }
}
