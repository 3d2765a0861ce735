using System.Text.Json.Nodes;
using GopherFlow.Authoring;

namespace GopherFlow.Engine.Tests.Typed;

internal sealed record Order(string Customer, decimal Total, string? Note = null);

internal sealed record Decision(bool Approved, string By);

internal sealed record Receipt(string Customer, bool WasApproved);

internal sealed class OrderData
{
    public required string Customer { get; init; }

    public decimal Total { get; set; }

    public string? ApprovedBy { get; set; }

    public int Shipments { get; set; } = 1;
}

/// <summary>A large order needs the approval of a person.</summary>
[Workflow("Orders")]
internal sealed partial class Orders : Workflow<Order, OrderData, Receipt>
{
    protected internal override RetryPolicy Retry =>
        RetryPolicy.Linear(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    protected override OrderData Begin(Order order) => new() { Customer = order.Customer, Total = order.Total };

    [Start]
    public NextState Review()
    {
        Data.Total += 10;
        return Step.Attempt == 1 && Data.Customer == "unlucky" ? throw new InvalidOperationException("broken")
            : Data.Total > 1000 ? To.Approval.OrAfter(To.Late, days: 3)
            : To.Ship.After(days: 1);
    }

    [Manual]
    public NextState OnApproval(Decision decision)
    {
        Data.ApprovedBy = decision.By;
        return decision.Approved ? To.Ship : To.Rejected;
    }

    [State]
    public NextState Ship() => ++Data.Shipments > 1 ? To.Done.Log("shipped") : To.Review;

    [State]
    public NextState Late() => To.Approval;

    [End]
    public Receipt Done() => new(Data.Customer, Data.ApprovedBy is not null);

    [Error]
    public async Task<Receipt> Rejected(CancellationToken stop)
    {
        await Task.Delay(0, stop);
        return new(Data.Customer, false);
    }
}

internal sealed record Visit(string Customer, int Visits = 0);

/// <summary>Returns to its Start state. Its data is a record and also its input type.</summary>
[Workflow("Visits")]
internal sealed partial class Visits : Workflow<Visit, Visit>
{
    [Start]
    public NextState Come()
    {
        Data = Data with { Visits = Data.Visits + 1 };
        return Data.Visits < 3 ? To.Come.After(hours: 1) : To.Gone;
    }

    [End]
    public Visit Gone() => Data;
}

internal sealed record Trip(string Customer);

internal sealed record TripData(string Traveller, int Refunds = 0);

/// <summary>Can leave its Start state before a step is committed: by a failure, a cancel or a hand move.</summary>
[Workflow("Trips")]
internal sealed partial class Trips : Workflow<Trip, TripData, TripData>
{
    protected override TripData Begin(Trip trip) => new(trip.Customer);

    [Start]
    public NextState Book() =>
        Data.Traveller == "unlucky" ? throw new NotRetryableException("full") : To.Refund.After(days: 1);

    [State, OnFailure, OnCancel]
    public NextState Refund()
    {
        Data = Data with { Refunds = Data.Refunds + 1 };
        return To.Gone;
    }

    [End]
    public TripData Gone() => Data;
}

/// <summary>Version 1, untyped, with a string variable.</summary>
[Workflow("Parcel", Version = "1")]
internal sealed class ParcelOne : Workflow
{
    [Start, GoesTo(nameof(Send))]
    public NextState Pack()
    {
        Variables["to"] = "ada";
        return GoTo(nameof(Send)).After(TimeSpan.FromDays(1));
    }

    [State, GoesTo(Done)]
    public NextState Send() => GoTo(Done);

    [End]
    private const string Done = "Done";
}

internal sealed record Parcel(string Receiver, int Pieces);

/// <summary>Version 2, typed, which upgrades the data of version 1.</summary>
[Workflow("Parcel", Version = "2")]
internal sealed partial class ParcelTwo : Workflow<Unit, Parcel, Unit>
{
    protected override Parcel Begin(Unit input) => new("nobody", 0);

    protected override void Upgrade(JsonObject data)
    {
        if (data.Remove("to", out var receiver))
        {
            data["receiver"] = receiver;
            data["pieces"] = 1;
        }
    }

    [Start]
    public NextState Pack() => To.Send.After(days: 1);

    [State]
    public NextState Send() => To.Done;

    [End]
    private const string Done = "Done";
}

/// <summary>Version 3, typed, without an upgrade.</summary>
[Workflow("Parcel", Version = "3")]
internal sealed partial class ParcelThree : Workflow<Unit, Parcel, Unit>
{
    protected override Parcel Begin(Unit input) => new("nobody", 0);

    [Start]
    public NextState Pack() => To.Send.After(days: 1);

    [State]
    public NextState Send() => To.Done;

    [End]
    private const string Done = "Done";
}

internal sealed record Basket(string[] Items);

internal sealed record BasketData(string[] Items, int Weight = 0);

/// <summary>A typed parent with untyped children.</summary>
[Workflow("Baskets")]
internal sealed partial class Baskets : Workflow<Basket, BasketData, int>
{
    protected override BasketData Begin(Basket input) => new(input.Items);

    [Start]
    public NextState Weigh() =>
        To
            .Sum.Spawn(Data.Items.Select(item => Step.NewChild("Scales", item).With("item", item)))
            .WhenChildrenFinished();

    [State]
    public async Task<NextState> Sum()
    {
        var children = await Step.GetChildResultsAsync();
        Data = Data with { Weight = children.Sum(child => child.Output!.As<int>()) };
        return To.Weighed;
    }

    [End]
    public int Weighed() => Data.Weight;
}

/// <summary>An untyped child.</summary>
[Workflow("Scales")]
internal sealed class Scales : Workflow
{
    [Start, GoesTo(Done)]
    public NextState Weigh() => GoTo(Done).Returning(Variables.Get<string>("item").Length);

    [End]
    private const string Done = "Done";
}

/// <summary>An untyped parent of a typed child.</summary>
[Workflow("Shop")]
internal sealed class Shop : Workflow
{
    private static readonly string[] Goods = ["tea", "bread"];

    [Start, GoesTo(nameof(Look))]
    public NextState Sell() =>
        GoTo(nameof(Look)).Spawn(Step.NewChild("Baskets", "b").With("items", Goods)).WhenChildrenFinished();

    [State, GoesTo(Done)]
    public async Task<NextState> Look()
    {
        var children = await Step.GetChildResultsAsync();
        Variables.Set("weight", children[0].Output!.As<int>());
        return GoTo(Done);
    }

    [End]
    private const string Done = "Done";
}

internal readonly record struct CustomerId(int Number);

internal sealed record Parting(CustomerId Customer, string Answer = "none");

internal sealed record Answer(CustomerId From);

/// <summary>Types that need a converter of the application, a state named by hand, and a result given by a step.</summary>
[Workflow("Partings")]
internal sealed partial class Partings : Workflow<Parting, Parting>
{
    [Start]
    public NextState Ask() => WaitFor("ready").Then(To.Answered);

    [Manual]
    public NextState OnAnswered(Answer answer)
    {
        Data = Data with { Answer = $"{Signal!.Name} by {answer.From.Number}" };
        return answer.From == Data.Customer ? To.Done : To.Done.Returning(new Parting(answer.From, "someone else"));
    }

    [End]
    public ValueTask<Parting> Done(StepContext step) => new(step.Signal is null ? new Parting(default) : Data);
}
