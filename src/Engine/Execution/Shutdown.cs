using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Stops an executor in order: claims nothing more, lets running steps finish within the grace period, ends the rest, writes what is to be
/// written, and gives every claim back in one commit.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    /// <summary>How long the last writes may take when the running steps have ended, or have been ended.</summary>
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    private readonly IWorkflowStore store;
    private readonly RunningWorkflows running;
    private readonly Committer committer;
    private readonly ChangeFeed feed;
    private readonly Func<long> executorId;
    private readonly EngineOptions options;
    private readonly DatabaseClock clock;
    private readonly ILogger log;

    private readonly CancellationTokenSource stopClaiming = new();
    private readonly CancellationTokenSource stopKeeping = new();
    private readonly CancellationTokenSource giveUpWriting = new();
    private readonly CancellationTokenSource hurried = new();
    private readonly Lazy<Task<bool>> stopping;

    public Shutdown(
        IWorkflowStore store,
        RunningWorkflows running,
        Committer committer,
        ChangeFeed feed,
        Func<long> executorId,
        EngineOptions options,
        DatabaseClock clock,
        ILogger log
    )
    {
        this.store = store;
        this.running = running;
        this.committer = committer;
        this.feed = feed;
        this.executorId = executorId;
        this.options = options;
        this.clock = clock;
        this.log = log;
        stopping = new Lazy<Task<bool>>(StopInOrderAsync);
    }

    /// <summary>Whether it has begun.</summary>
    public bool HasBegun => stopping.IsValueCreated;

    /// <summary>Ends the roles that look for work.</summary>
    public CancellationToken NoMoreWork => stopClaiming.Token;

    /// <summary>Ends the lease, last of all.</summary>
    public CancellationToken NoMoreLease => stopKeeping.Token;

    /// <summary>A busy database is not waited for any longer.</summary>
    public CancellationToken NoMoreWaiting => giveUpWriting.Token;

    /// <summary>The roles that look for work.</summary>
    public Task Working { get; set; } = Task.CompletedTask;

    /// <summary>The committer.</summary>
    public Task Committing { get; set; } = Task.CompletedTask;

    /// <summary>The lease keeper.</summary>
    public Task Keeping { get; set; } = Task.CompletedTask;

    /// <summary>Stops. Whoever calls while it stops already waits for the same end.</summary>
    /// <param name="hurry">Ends the grace period.</param>
    /// <returns>Whether everything could be written. If not, that is logged, and the claims run out with the lease.</returns>
    public async Task<bool> RunAsync(CancellationToken hurry)
    {
        await using (hurry.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), hurried))
        {
            return await stopping.Value;
        }
    }

    public void Dispose()
    {
        stopKeeping.Cancel();
        stopClaiming.Dispose();
        stopKeeping.Dispose();
        giveUpWriting.Dispose();
        hurried.Dispose();
    }

    /// <summary>Each token is cancelled here and now: CancelAsync would call back on the thread pool.</summary>
    private async Task<bool> StopInOrderAsync()
    {
        stopClaiming.Cancel();
        var quiet = Task.WhenAll(running.DrainAsync(), Working);
        if (!await EndsWithinAsync(quiet, options.GracePeriod, hurried.Token))
        {
            log.GracePeriodOver(executorId(), running.Claims.Count, options.GracePeriod);
            giveUpWriting.Cancel();
            running.EndAll();
        }

        using var limit = new CancellationTokenSource(LastWrites, clock);
        try
        {
            await quiet.WaitAsync(limit.Token);
            committer.Complete();
            await Committing.WaitAsync(limit.Token);
            stopKeeping.Cancel();
            await Keeping.WaitAsync(limit.Token);
            await GiveBackAsync(limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception trouble)
        {
            log.StopIncomplete(trouble, executorId(), options.Lease);
            return false;
        }
        finally
        {
            giveUpWriting.Cancel();
            committer.Complete();
            stopKeeping.Cancel();
        }
    }

    private async Task GiveBackAsync(CancellationToken cancellation)
    {
        var id = executorId();
        var owned = await store.OwnedAsync(id, cancellation);
        feed.Publish(await store.HandBackAsync(id, owned, clock.Now(), cancellation));
        await store.DeregisterExecutorAsync(id, cancellation);
        log.ExecutorStopped(id, owned.Count);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken hurry)
    {
        try
        {
            await task.WaitAsync(limit, clock, hurry);
            return true;
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
