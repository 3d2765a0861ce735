namespace GopherFlow.Bench.Costs;

/// <summary>The traffic between engines and a database per workflow; null for values that do not exist.</summary>
internal sealed record TrafficPerWorkflow(double Transactions, double? RoundTrips)
{
    public static TrafficPerWorkflow Of(Traffic traffic, int workflows) =>
        new((double)traffic.Transactions / workflows, (double?)traffic.RoundTrips / workflows);
}
