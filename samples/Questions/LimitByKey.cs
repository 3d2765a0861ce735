using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("Import", "Imports a file: one at a time per customer, four in total")]
public sealed partial class Import : Workflow
{
    [Start]
    public NextState Check() => To.Load.WithLimitKey(Variables["customer"]!);

    [State, Concurrency(4), Concurrency(1, PerKey = true)]
    public NextState Load() => To.Loaded;

    [End]
    public const string Loaded = "Loaded";
}

public static class LimitByKey
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<Import>();
        using var load = flow.HoldAt("Load");

        var first = await flow.StartAsync(new { customer = "ada" });
        var second = await flow.StartAsync(new { customer = "ada" });
        var other = await flow.StartAsync(new { customer = "grace" });

        // While the first import runs, the second one of the same customer waits. Another customer's import does not.
        first.AssertStatus(WorkflowStatus.Executing);
        Check.That(!second.Status.IsFinal());
        other.AssertState("Loaded");
        output.WriteLine(second);

        load.Release();
        await flow.SettleAsync();
        first.AssertState("Loaded");
        await second.EndAsync("Loaded");
    }
}
