using System.Diagnostics.CodeAnalysis;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Renews the executor's lease at a third of its length. The lease counts from before a heartbeat was sent. When four fifths of it are
/// over, or others have declared the executor dead, every running step is dropped before anyone else runs the same workflows, and the
/// executor registers again.
/// </summary>
/// <param name="store">Where the lease is.</param>
/// <param name="options">How long it is.</param>
/// <param name="lost">Drops the running steps. Must neither throw nor block.</param>
/// <param name="regained">Called when the executor has a lease again.</param>
/// <param name="metrics">Counts the leases that are lost.</param>
/// <param name="clock">Set with each answer.</param>
/// <param name="threads">Its threads; with null it runs where it is called, on the timers of the clock.</param>
/// <param name="log">The log.</param>
[SuppressMessage("Design", "CA1001", Justification = "A tenure has neither a timer nor a handle to dispose of.")]
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

    /// <summary>Set when the lease that the executor has, or had last, is lost.</summary>
    private CancellationTokenSource tenure = new();

    /// <summary>The id under which the executor was registered last.</summary>
    public long ExecutorId => Volatile.Read(ref executorId);

    /// <summary>
    /// Whether it has its lease: not between the end of one and its next registration. The clock is read, because a process that was
    /// suspended may run other timers before the one that ends the lease.
    /// </summary>
    public bool HasLease => isRegistered && !IsOver;

    /// <summary>Whether the database has not answered the last heartbeat.</summary>
    public bool IsUnanswered => isUnanswered;

    private bool IsOver => clock.Monotonic >= End;

    private TimeSpan End => TimeSpan.FromTicks(Volatile.Read(ref end));

    /// <summary>Registers the executor. An answer that comes when the lease is over gives none, so it registers again.</summary>
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
            tenure = new CancellationTokenSource();
            isRegistered = true;
            Renew(asked);
        }

        log.ExecutorRegistered(entry.Id, options.ExecutorName, options.IsEnabled ? options.ExecutorSize : 0);
        return true;
    }

    /// <summary>Whether what an executor of this id claimed is this executor's to run.</summary>
    public bool Holds(long? claimant) => isRegistered && claimant == ExecutorId;

    /// <summary>Renews until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        threads is null ? KeepAsync(stop) : threads.Keeper.RunAsync(() => KeepAsync(stop));

    private async Task KeepAsync(CancellationToken stop)
    {
        await using var timer = timers.CreateTimer(
            static keeper => ((LeaseKeeper)keeper!).LoseIfOver(),
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

            // At once: nothing is claimed until it is done.
            if (!isRegistered && !stop.IsCancellationRequested)
            {
                await RegisterAnewAsync(stop);
            }
        }
    }

    private async Task SendHeartbeatAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tenure.Token, stop);
        var sent = clock.Monotonic;
        try
        {
            var heartbeat = new ExecutorHeartbeat(ExecutorId, options.Lease);
            var answer = await AskAsync(() => store.HeartbeatAsync(heartbeat, stop)).WaitAsync(either.Token);
            isUnanswered = false;
            clock.Set(sent, clock.Monotonic, answer.Now);
            if (answer.IsAlive)
            {
                var wasOver = IsOver;
                lock (gate)
                {
                    Renew(sent);
                }

                if (wasOver)
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
            // The lease was lost while the answer was awaited, or the executor stops.
        }
        catch (Exception trouble)
        {
            isUnanswered = true;
            log.HeartbeatFailed(trouble, ExecutorId);
        }
    }

    /// <summary>
    /// The answer of the other thread is awaited here, so that it arrives on this one. <c>WaitAsync</c> on that thread's task would deliver it
    /// through the thread pool, which may be starved.
    /// </summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> question) =>
        threads is null ? await question() : await threads.Database.RunAsync(question);

    private async Task RegisterAnewAsync(CancellationToken stop)
    {
        try
        {
            await RegisterAsync(stop);
            regained();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It stops instead.
        }
        catch (Exception trouble)
        {
            isUnanswered = true;
            log.HeartbeatFailed(trouble, ExecutorId);
        }
    }

    /// <summary>The lease counts from the moment before it was asked for.</summary>
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

    private void LoseIfOver()
    {
        lock (gate)
        {
            if (!isRegistered)
            {
                return;
            }

            if (!IsOver)
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
        tenure.Cancel();
    }

    /// <summary>Waits until the next heartbeat is to be sent; not for that when the lease is lost meanwhile.</summary>
    /// <returns>False when it is stopped.</returns>
    private async Task<bool> PauseAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            isRegistered ? tenure.Token : CancellationToken.None,
            stop
        );
        await Task.Delay(options.Lease / 3, timers, either.Token)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
