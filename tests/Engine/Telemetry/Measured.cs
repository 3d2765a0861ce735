using System.Diagnostics.Metrics;

namespace GopherFlow.Engine.Tests.Telemetry;

/// <summary>Sums the measurements of one meter by instrument and labels, such as <c>gopherflow.steps outcome=failed state=A</c>.</summary>
internal sealed class Measured : IDisposable
{
    private readonly Lock gate = new();
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, double> sums = [];
    private readonly SemaphoreSlim heard = new(0);

    public Measured(Meter meter)
    {
        listener.InstrumentPublished = (instrument, found) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                found.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The sum of the measurements, or the last value of a gauge; null without a measurement.</summary>
    public double? this[string series]
    {
        get
        {
            lock (gate)
            {
                return sums.TryGetValue(series, out var sum) ? sum : null;
            }
        }
    }

    /// <summary>Reads the gauges.</summary>
    public void Look() => listener.RecordObservableInstruments();

    /// <summary>Waits until the value is <paramref name="sum"/>.</summary>
    public async Task UntilAsync(string series, double sum)
    {
        while (this[series] != sum)
        {
            Assert.True(await heard.WaitAsync(TimeSpan.FromSeconds(30)), $"{series} is {this[series]}, not {sum}.");
        }
    }

    /// <summary>Waits for the first measurement.</summary>
    public async Task<double> FirstAsync(string series)
    {
        while (this[series] is null)
        {
            Assert.True(await heard.WaitAsync(TimeSpan.FromSeconds(30)), $"{series} was not measured.");
        }

        return this[series]!.Value;
    }

    public void Dispose()
    {
        listener.Dispose();
        heard.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
        var series = instrument.Name + string.Concat(labels);
        lock (gate)
        {
            sums[series] = (instrument.IsObservable ? 0 : sums.GetValueOrDefault(series)) + value;
        }

        heard.Release();
    }
}
