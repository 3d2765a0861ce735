using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Records in the database every few seconds how many workflows ended here, for monitoring. What a killed process had not recorded is
/// missing: the numbers have no other use.
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
