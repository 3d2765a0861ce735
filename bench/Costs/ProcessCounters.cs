using System.Diagnostics.Metrics;

namespace GopherFlow.Bench.Costs;

/// <summary>Counts what this process does: the commits of its engines, what Npgsql sends, and what the store is asked.</summary>
internal sealed class ProcessCounters : IDisposable
{
    private const string BatchSize = "gopherflow.commit.batch_size";
    private const string DriverOperation = "db.client.operation.duration";

    private readonly MeterListener meter = new();
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
    }

    public ProcessTally Now =>
        new(
            Interlocked.Read(ref batches),
            Interlocked.Read(ref members),
            Interlocked.Read(ref driverOperations),
            Interlocked.Read(ref storeCalls)
        );

    public void CountStoreCall() => Interlocked.Increment(ref storeCalls);

    public void Dispose() => meter.Dispose();
}
