using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Hears from the store what other processes have made due. When the connection breaks it listens again; what was told in
/// between is found by looking.
/// </summary>
internal sealed class Listener(IWorkflowStore store, Action<DueHint> told, TimeProvider clock, ILogger<Listener> log)
{
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    /// <summary>Listens until it is stopped, or returns at once where there is nothing to listen to.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await store.ListenAsync(told, stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble)
            {
                log.ListeningFailed(trouble);
            }

            await Task.Delay(PauseAfterTrouble, clock, stop)
                .ConfigureAwait(
                    ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing
                );
        }
    }
}
