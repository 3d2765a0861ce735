using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Records every five seconds in the database how many workflows ended here, for monitoring. If a process is killed, its unrecorded counts
/// are lost, which is acceptable because they have no other use.
/// </summary>
internal sealed class ThroughputRecorder(
    IThroughputLog log,
    Executor executor,
    IWorkflowStore store,
    ILogger<ThroughputRecorder> logger
)
{
    /// <summary>The interval between records.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Records until it is stopped.</summary>
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
