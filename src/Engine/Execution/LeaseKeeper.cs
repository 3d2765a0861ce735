using System.Diagnostics.CodeAnalysis;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Renews the executor's lease after a third of its length. The lease counts from before a heartbeat was sent. When four fifths of it have
/// passed, or another executor has declared this one dead, all running steps are dropped before another executor may run the same
/// workflows, and the executor registers again.
/// </summary>
/// <param name="store">The store that holds the lease.</param>
/// <param name="options">The length of the lease, and the data to register.</param>
/// <param name="lost">Drops the running steps. Must neither throw nor block.</param>
/// <param name="regained">Called when the executor has a lease again.</param>
/// <param name="metrics">Counts lost leases.</param>
/// <param name="clock">Adjusted with each answer.</param>
/// <param name="threads">The lease's threads; null to run on the caller's scheduler and the timers of the clock.</param>
/// <param name="log">The log.</param>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither a timer nor a handle to dispose.")]
internal sealed class LeaseKeeper(
    IWorkflowStore store,
    EngineOptions options,
    Action lost,
    Action regained,
    EngineMetrics metrics,
    DatabaseClock clock,
    LeaseThreads? threads,
    ILogger<LeaseKeeper> log
)
{
    private readonly Lock gate = new();
    private readonly TimeProvider timers = threads?.Keeper.Timers ?? clock;
    private long executorId;
    private volatile bool isRegistered;
    private volatile bool isUnanswered;
    private long end;
    private ITimer? endTimer;

    /// <summary>Cancelled when the current lease is lost.</summary>
    private CancellationTokenSource leaseLost = new();

    /// <summary>The id of the last registration.</summary>
    public long ExecutorId => Volatile.Read(ref executorId);

    /// <summary>
    /// Whether the executor has its lease. It has none between the end of one lease and the next registration. The clock is read each time,
    /// because a process that was suspended may run other timers before the one that ends the lease.
    /// </summary>
    public bool HasLease => isRegistered && !IsExpired;

    /// <summary>Whether the database has not answered the last heartbeat.</summary>
    public bool IsUnanswered => isUnanswered;

    private bool IsExpired => clock.Monotonic >= End;

    private TimeSpan End => TimeSpan.FromTicks(Volatile.Read(ref end));

    /// <summary>Registers the executor. If the answer arrives after the new lease has already expired, it registers again.</summary>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        while (!await TryRegisterAsync(cancellation)) { }
    }

    private async Task<bool> TryRegisterAsync(CancellationToken cancellation)
    {
        var asked = clock.Monotonic;
        var registration = new ExecutorRegistration(
            options.ExecutorName,
            options.ApplicationVersion,
            options.IsEnabled ? options.ExecutorGroups : [],
            options.IsEnabled ? options.ExecutorSize : 0,
            options.Lease
        );
        var entry = await AskAsync(() => store.RegisterExecutorAsync(registration, cancellation))
            .WaitAsync(cancellation);
        var answered = clock.Monotonic;
        isUnanswered = false;
        clock.Set(asked, answered, entry.Now);
        if (answered >= EndOf(asked))
        {
            log.RegisteredTooLate(entry.Id, options.Lease);
            return false;
        }

        lock (gate)
        {
            Volatile.Write(ref executorId, entry.Id);
            leaseLost = new CancellationTokenSource();
            isRegistered = true;
            Renew(asked);
        }

        log.ExecutorRegistered(entry.Id, options.ExecutorName, options.IsEnabled ? options.ExecutorSize : 0);
        return true;
    }

    /// <summary>Whether a claim under this id belongs to the current registration.</summary>
    public bool Holds(long? claimant) => isRegistered && claimant == ExecutorId;

    /// <summary>Renews the lease until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        threads is null ? KeepAsync(stop) : threads.Keeper.RunAsync(() => KeepAsync(stop));

    private async Task KeepAsync(CancellationToken stop)
    {
        await using var timer = timers.CreateTimer(
            static keeper => ((LeaseKeeper)keeper!).LoseIfExpired(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        lock (gate)
        {
            endTimer = timer;
            SetEndTimer();
        }

        while (await PauseAsync(stop))
        {
            if (isRegistered)
            {
                await SendHeartbeatAsync(stop);
            }

            // Without delay, because the executor cannot claim until it is registered.
            if (!isRegistered && !stop.IsCancellationRequested)
            {
                await RegisterAgainAsync(stop);
            }
        }
    }

    private async Task SendHeartbeatAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaseLost.Token, stop);
        var sent = clock.Monotonic;
        try
        {
            var heartbeat = new ExecutorHeartbeat(ExecutorId, options.Lease);
            var answer = await AskAsync(() => store.HeartbeatAsync(heartbeat, stop)).WaitAsync(either.Token);
            isUnanswered = false;
            clock.Set(sent, clock.Monotonic, answer.Now);
            if (answer.IsAlive)
            {
                var wasExpired = IsExpired;
                lock (gate)
                {
                    Renew(sent);
                }

                if (wasExpired)
                {
                    regained();
                }
            }
            else
            {
                log.DeclaredDead(ExecutorId);
                Lose();
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The lease was lost while waiting for the answer, or the executor stops.
        }
        catch (Exception trouble)
        {
            isUnanswered = true;
            log.HeartbeatFailed(trouble, ExecutorId);
        }
    }

    /// <summary>
    /// Awaits the other thread's answer on this thread. <c>WaitAsync</c> on that thread's task would deliver it through the thread pool,
    /// which may be starved.
    /// </summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> question) =>
        threads is null ? await question() : await threads.Database.RunAsync(question);

    private async Task RegisterAgainAsync(CancellationToken stop)
    {
        try
        {
            await RegisterAsync(stop);
            regained();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The executor stops.
        }
        catch (Exception trouble)
        {
            isUnanswered = true;
            log.HeartbeatFailed(trouble, ExecutorId);
        }
    }

    /// <summary>Extends the lease. It counts from the moment before the request was sent.</summary>
    private void Renew(TimeSpan asked)
    {
        Volatile.Write(ref end, EndOf(asked).Ticks);
        SetEndTimer();
    }

    private TimeSpan EndOf(TimeSpan asked) => asked + (options.Lease * 0.8);

    private void SetEndTimer()
    {
        if (isRegistered)
        {
            var left = End - clock.Monotonic;
            endTimer?.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void LoseIfExpired()
    {
        lock (gate)
        {
            if (!isRegistered)
            {
                return;
            }

            if (!IsExpired)
            {
                SetEndTimer();
                return;
            }
        }

        log.LeaseNotRenewed(ExecutorId, options.Lease);
        Lose();
    }

    private void Lose()
    {
        isRegistered = false;
        metrics.LeasesLost.Add(1);
        lost();
        leaseLost.Cancel();
    }

    /// <summary>Waits until the next heartbeat, or until the lease is lost.</summary>
    /// <returns>False if it is stopped.</returns>
    private async Task<bool> PauseAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            isRegistered ? leaseLost.Token : CancellationToken.None,
            stop
        );
        await Task.Delay(options.Lease / 3, timers, either.Token)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
