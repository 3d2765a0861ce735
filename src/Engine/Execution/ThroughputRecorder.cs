using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Tells the database every few seconds how many workflows ended here, for whoever watches. What a killed process had not told is missing
/// there: nothing else is made of these numbers.
/// </summary>
internal sealed class ThroughputRecorder(
    IThroughputLog log,
    Executor executor,
    IWorkflowStore store,
    ILogger<ThroughputRecorder> logger
)
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Tells until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Interval, executor.Clock, stop);
            var counts = executor.Ended.Unsaved();
            if (counts.Count == 0 || !executor.HasLease)
            {
                continue;
            }

            try
            {
                await log.RecordAsync(executor.Id, counts, stop);
                executor.Ended.MarkSaved(counts);
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                logger.ThroughputDelayed(trouble);
            }
        }
    }
}
