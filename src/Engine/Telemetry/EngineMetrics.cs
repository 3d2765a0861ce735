using System.Diagnostics.Metrics;

namespace GopherFlow.Telemetry;

/// <summary>What the engine measures, under the meter "GopherFlow".</summary>
internal static class EngineMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "GopherFlow";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Steps committed.</summary>
    public static Counter<long> Steps { get; } =
        Meter.CreateCounter<long>("gopherflow.steps", description: "Steps committed");

    /// <summary>Functions that have not returned although their attempt is over; each holds a slot.</summary>
    public static UpDownCounter<int> HeldFunctions { get; } =
        Meter.CreateUpDownCounter<int>(
            "gopherflow.functions.held",
            description: "Functions that have not returned although their attempt is over"
        );

    /// <summary>Workflows deleted because they had been kept long enough.</summary>
    public static Counter<long> Deleted { get; } =
        Meter.CreateCounter<long>(
            "gopherflow.workflows.deleted",
            description: "Workflows deleted because they had been kept long enough"
        );

    /// <summary>Members (creates and steps) of each transaction of the committer.</summary>
    public static Histogram<int> BatchSize { get; } =
        Meter.CreateHistogram<int>("gopherflow.commit.batch_size", description: "Members of one commit");
}
