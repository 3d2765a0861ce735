using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Renews the executor's lease at a third of its length. When that has not worked for four fifths of it, or others have taken
/// the executor for dead, it ends every running step before anyone else runs the same workflows, and enters anew.
/// </summary>
internal sealed class LeaseKeeper(
    IWorkflowStore store,
    EngineOptions options,
    Action lost,
    Action enteredAnew,
    TimeProvider clock,
    ILogger<LeaseKeeper> log
)
{
    private long executorId;
    private volatile bool isEntered;
    private DateTimeOffset renewed;

    /// <summary>The id under which the executor was entered last.</summary>
    public long ExecutorId => Volatile.Read(ref executorId);

    /// <summary>Whether it is entered now: not between the loss of its lease and its new entry.</summary>
    public bool IsEntered => isEntered;

    private DateTimeOffset Limit => renewed + (options.Lease * 0.8);

    /// <summary>Enters the executor.</summary>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        var now = clock.Now();
        var (id, _) = await store.RegisterExecutorAsync(
            new ExecutorRegistration(options.ExecutorName, options.ExecutorGroups, options.ExecutorSize, options.Lease),
            cancellation
        );
        renewed = now;
        Volatile.Write(ref executorId, id);
        isEntered = true;
        log.ExecutorRegistered(id, options.ExecutorName, options.ExecutorSize);
    }

    /// <summary>Whether what an executor of this id claimed is this executor's to run.</summary>
    public bool Holds(long? claimant) => isEntered && claimant == ExecutorId;

    /// <summary>Renews until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await PauseAsync(options.Lease / 3, stop))
        {
            if (isEntered)
            {
                await RenewOrLoseAsync(stop);
            }

            // At once: nothing is claimed until it is done.
            if (!isEntered && !stop.IsCancellationRequested)
            {
                await EnterAnewAsync(stop);
            }
        }
    }

    private async Task RenewOrLoseAsync(CancellationToken stop)
    {
        try
        {
            if (!await RenewAsync(stop))
            {
                log.TakenForDead(ExecutorId);
                Lose();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stop gives the claims back.
        }
        catch (Exception trouble)
        {
            log.HeartbeatFailed(trouble, ExecutorId);
            if (clock.Now() >= Limit)
            {
                log.LeaseNotRenewed(ExecutorId, options.Lease);
                Lose();
            }
        }
    }

    private async Task EnterAnewAsync(CancellationToken stop)
    {
        try
        {
            await RegisterAsync(stop);
            enteredAnew();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It stops instead.
        }
        catch (Exception trouble)
        {
            log.HeartbeatFailed(trouble, ExecutorId);
        }
    }

    private void Lose()
    {
        isEntered = false;
        lost();
    }

    private async Task<bool> RenewAsync(CancellationToken stop)
    {
        var now = clock.Now();
        var patience = Limit - now;
        var heartbeat = store.HeartbeatAsync(new ExecutorHeartbeat(ExecutorId, options.Lease), stop);
        var (alive, _) = await heartbeat.WaitAsync(
            patience > TimeSpan.Zero ? patience : options.Lease / 10,
            clock,
            stop
        );
        if (alive)
        {
            renewed = now;
        }

        return alive;
    }

    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, clock, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
