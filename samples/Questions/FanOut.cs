using GopherFlow.Authoring;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("Tender", "Asks every supplier for a price, and takes the lowest")]
public sealed partial class Tender : Workflow
{
    [Start]
    public NextState Ask() =>
        To
            .Choose.Spawn(
                Variables.Get<string[]>("suppliers").Select(name => new ChildRequest("Offer", name).With("name", name))
            )
            .WhenChildrenFinished();

    [State]
    public async Task<NextState> Choose()
    {
        // The status and result of each child, without its variables.
        var children = await Step.GetChildResultsAsync();
        var prices = children
            .Where(child => child.Status == WorkflowStatus.Finished)
            .Select(child => child.Output!.As<decimal>())
            .ToList();
        return prices.Count == 0 ? To.NoOffer : To.Chosen.Returning(prices.Min());
    }

    [End]
    public const string Chosen = "Chosen";

    [Error]
    public const string NoOffer = "NoOffer";
}

[Workflow("Offer", "Asks one supplier")]
public sealed partial class Offer : Workflow
{
    protected override RetryPolicy Retry => RetryPolicy.None;

    [Start]
    public NextState Price() =>
        Variables["name"] switch
        {
            "acme" => throw new HttpRequestException("acme does not answer"),
            var name => To.Priced.Returning(name!.Length * 10m),
        };

    [End]
    public const string Priced = "Priced";
}

public static class FanOut
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.With(plan => plan.AddWorkflow<Tender>().AddWorkflow<Offer>());

        var run = await flow.StartAsync(new { suppliers = "initech acme hooli".Split(' ') });

        run.AssertPath("Ask", "Choose", "Chosen").AssertResult(50m);
        output.WriteLine(run);
        foreach (var child in run.Children)
        {
            output.WriteLine($"{child.BusinessKey}: {child.Status}");
        }
    }
}
