namespace GopherFlow.Bench.Costs;

/// <summary>What went between engines and a database for each workflow; null is what there is none of.</summary>
internal sealed record TrafficPerWorkflow(double Transactions, double? RoundTrips)
{
    public static TrafficPerWorkflow Of(Traffic traffic, int workflows) =>
        new((double)traffic.Transactions / workflows, (double?)traffic.RoundTrips / workflows);
}
