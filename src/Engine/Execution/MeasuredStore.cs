using System.Collections.Concurrent;
using System.Text.Json;
using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>Measures how long each call to a store takes, if the metric is collected.</summary>
internal sealed class MeasuredStore(IWorkflowStore inner, EngineMetrics metrics, TimeProvider clock)
    : DelegatingStore(inner)
{
    private const string Suffix = "Async";

    private readonly ConcurrentDictionary<string, string> operations = new();

    /// <summary>Disposes the inner store too, because the container does not know it.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation) =>
        metrics.MeasuresDatabase ? MeasureAsync(name, call) : call();

    private async Task<T> MeasureAsync<T>(string name, Func<Task<T>> call)
    {
        var began = clock.GetTimestamp();
        var failed = false;
        try
        {
            return await call();
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            failed = true;
            throw;
        }
        finally
        {
            metrics.DatabaseCalled(operations.GetOrAdd(name, NameOf), clock.GetElapsedTime(began), failed);
        }
    }

    private static string NameOf(string method) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(
            method.EndsWith(Suffix, StringComparison.Ordinal) ? method[..^Suffix.Length] : method
        );
}
