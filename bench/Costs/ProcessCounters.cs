using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GopherFlow.Bench.Costs;

/// <summary>Counts the work of this process: commits of its engines, operations of the database driver, and calls of the store.</summary>
internal sealed class ProcessCounters : IDisposable
{
    private const string BatchSize = "gopherflow.commit.batch_size";
    private const string DriverOperation = "db.client.operation.duration";

    private readonly MeterListener meter = new();
    private readonly ActivityListener activities;
    private long batches;
    private long members;
    private long driverOperations;
    private long storeCalls;

    public ProcessCounters()
    {
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == BatchSize || instrument is { Name: DriverOperation, Meter.Name: "Npgsql" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<int>(
            (_, size, _, _) =>
            {
                Interlocked.Increment(ref batches);
                Interlocked.Add(ref members, size);
            }
        );
        meter.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref driverOperations));
        meter.Start();
        activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MySqlConnector",
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
            ActivityStarted = activity => Interlocked.Add(ref driverOperations, RoundTrips(activity)),
        };
        ActivitySource.AddActivityListener(activities);
    }

    public ProcessTally Now =>
        new(
            Interlocked.Read(ref batches),
            Interlocked.Read(ref members),
            Interlocked.Read(ref driverOperations),
            Interlocked.Read(ref storeCalls)
        );

    public void CountStoreCall() => Interlocked.Increment(ref storeCalls);

    public void Dispose()
    {
        meter.Dispose();
        activities.Dispose();
    }

    /// <summary>MySqlConnector has no activity for the start of a transaction, so the end counts for both.</summary>
    private static int RoundTrips(Activity activity) =>
        activity.OperationName switch
        {
            "Execute" => 1,
            "Commit" or "Rollback" => 2,
            _ => 0,
        };
}
