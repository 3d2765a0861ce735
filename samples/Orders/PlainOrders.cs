using GopherFlow.Authoring;

namespace GopherFlow.Ordering;

[Workflow("PlainOrders", "Delivers an order to its customer, or undoes everything")]
[Input(typeof(Order)), Output(typeof(Receipt))]
public sealed class PlainOrders(IShop shop) : Workflow
{
    [Start, Compensate(nameof(Release)), GoesTo(nameof(Approval), nameof(GiveUp), nameof(Bill))]
    public async Task<NextState> Reserve()
    {
        await shop.ReserveAsync(Variables.Get<string[]>("articles"), Step.StepKey);
        return Variables.Get<decimal>("total") > 1000
            ? GoTo(nameof(Approval)).OrAfter(TimeSpan.FromDays(3), nameof(GiveUp))
            : GoTo(nameof(Bill));
    }

    [Manual, GoesTo(nameof(Bill), nameof(GiveUp))]
    public NextState Approval(Decision decision) => GoTo(decision.Approved ? nameof(Bill) : nameof(GiveUp));

    [State, GoesTo(nameof(Pack), nameof(GiveUp))]
    public NextState Bill() => WaitFor("paid").OrAfter(TimeSpan.FromDays(14), nameof(GiveUp)).Then(nameof(Pack));

    [State, Compensate(nameof(Refund)), GoesTo(nameof(Ship))]
    public NextState Pack()
    {
        Variables.Set("paid", Signal!.Get<Payment>().Amount);
        var packages = Variables
            .Get<string[]>("articles")
            .Select(name => Step.NewChild("Packages", name).With("name", name));
        return GoTo(nameof(Ship)).Spawn(packages).WhenChildrenFinished();
    }

    [State, Retry(3, minSeconds: 10, maxSeconds: 60), GoesTo(nameof(GiveUp), Shipped)]
    public async Task<NextState> Ship()
    {
        var packages = await Step.GetChildResultsAsync();
        if (packages.Any(package => package.Status != WorkflowStatus.Finished))
        {
            return GoTo(nameof(GiveUp));
        }

        var (customer, grams) = (Variables["customer"]!, packages.Sum(package => package.Output!.As<int>()));
        await shop.ShipAsync(customer, grams, Step.StepKey);
        return GoTo(Shipped).Returning(new Receipt(customer, Variables.Get<decimal>("paid"), grams));
    }

    [State, OnFailure, OnCancel, GoesTo(Cancelled)]
    public NextState GiveUp() => Compensate(then: Cancelled);

    [State]
    public async Task<NextState> Refund()
    {
        await shop.RefundAsync(Step.Undoes!);
        return Undone();
    }

    [State]
    public async Task<NextState> Release()
    {
        await shop.ReleaseAsync(Step.Undoes!);
        return Undone();
    }

    [End]
    private const string Shipped = "Shipped";

    [Error]
    private const string Cancelled = "Cancelled";
}
