using GopherFlow.Authoring;

namespace GopherFlow.Ordering;

public sealed class OrderData
{
    public required string Customer { get; init; }

    public required decimal Total { get; init; }

    public required string[] Articles { get; init; }

    public decimal Paid { get; set; }

    public int Grams { get; set; }
}

[Workflow("Orders", "Delivers an order to its customer, or undoes everything")]
public sealed partial class Orders(IShop shop) : Workflow<Order, OrderData, Receipt>
{
    protected override OrderData Begin(Order order) =>
        new()
        {
            Customer = order.Customer,
            Total = order.Total,
            Articles = order.Articles,
        };

    [Start, Compensate(nameof(Release))]
    public async Task<NextState> Reserve()
    {
        await shop.ReserveAsync(Data.Articles, Step.StepKey);
        return Data.Total > 1000 ? To.Approval.OrAfter(To.GiveUp, days: 3) : To.Bill;
    }

    [Manual]
    public NextState OnApproval(Decision decision) => decision.Approved ? To.Bill : To.GiveUp;

    [State]
    public NextState Bill() => WaitFor("paid").Then(To.Pack).OrAfter(To.GiveUp, days: 14);

    [State, Compensate(nameof(Refund))]
    public NextState Pack()
    {
        Data.Paid = Signal!.Get<Payment>().Amount;
        return To
            .Ship.Spawn(Data.Articles.Select(name => Step.NewChild("Packages", name).With("name", name)))
            .WhenChildrenFinished();
    }

    [State, Retry(3, minSeconds: 10, maxSeconds: 60)]
    public async Task<NextState> Ship()
    {
        var packages = await Step.GetChildResultsAsync();
        if (packages.Any(package => package.Status != WorkflowStatus.Finished))
        {
            return To.GiveUp;
        }

        Data.Grams = packages.Sum(package => package.Output!.As<int>());
        await shop.ShipAsync(Data.Customer, Data.Grams, Step.StepKey);
        return To.Shipped;
    }

    [State, OnFailure, OnCancel]
    public NextState GiveUp() => Compensate(To.Cancelled);

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
    public Receipt Shipped() => new(Data.Customer, Data.Paid, Data.Grams);

    [Error]
    private const string Cancelled = "Cancelled";
}
