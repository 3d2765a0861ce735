using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Receives hints from the store about work that other processes made due and changes that they wrote. If the connection breaks, the
/// supervisor restarts the listener; hints that were missed meanwhile are made up for by polling.
/// </summary>
internal sealed class Listener(IWorkflowStore store, StoreNews news, TimeSpan polling, ILogger log)
{
    /// <summary>Listens until it is stopped. Returns at once if the store has no hints.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        if (store.ReasonToPoll is { } reason)
        {
            log.NothingToListenTo(polling, reason);
        }

        return store.ListenAsync(news, stop);
    }
}
