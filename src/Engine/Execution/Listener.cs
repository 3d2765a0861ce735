using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Hears from the store what other processes have made due, and that they have changed something. When the connection breaks the supervisor has it listen again; what was
/// announced in between is found by looking.
/// </summary>
internal sealed class Listener(IWorkflowStore store, StoreNews news, TimeSpan polling, ILogger log)
{
    /// <summary>Listens until it is stopped, or returns at once where there is nothing to listen to.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        if (store.ReasonToPoll is { } reason)
        {
            log.NothingToListenTo(polling, reason);
        }

        return store.ListenAsync(news, stop);
    }
}
