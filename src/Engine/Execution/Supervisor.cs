using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Keeps the roles of an executor running. If an exception escapes from a role, it is logged and the role restarts, with increasing
/// back-off.
/// </summary>
internal sealed class Supervisor(
    EngineHealth health,
    EngineMetrics metrics,
    TimeProvider clock,
    ILogger<Supervisor> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>After a run of this length, the back-off starts again with the shortest pause.</summary>
    private static readonly TimeSpan LongRun = TimeSpan.FromSeconds(10);

    /// <summary>Runs a role until it returns, or until it fails after it was stopped.</summary>
    public async Task RunAsync(string role, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        var pause = FirstPause;
        metrics.RoleBegins(role);
        while (!stop.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            try
            {
                await run(stop);
                return;
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                pause = clock.GetElapsedTime(began) >= LongRun ? FirstPause : pause;
                log.RoleFailed(failure, role, pause);
                health.RoleFailed(role);
                metrics.RoleFailed(role);
            }

            await Task.Delay(pause, clock, stop)
                .ConfigureAwait(
                    ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing
                );
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
