using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Operations.Jobs;

/// <summary>
/// Runs jobs, one at a time. It claims a free job and writes it page by page. After each page it pauses for as long as the page took, so
/// other commits are not held up. All state of a job is in the store: the job is read before each page, and another executor can continue
/// at the same place.
/// </summary>
internal sealed class JobRunner(
    IJobStore jobs,
    IWorkflowStore store,
    Executor executor,
    JobSteps steps,
    ILogger<JobRunner> log,
    int pageSize = JobRunner.PageSize
)
{
    /// <summary>The maximum number of workflows in one transaction.</summary>
    public const int PageSize = 100;

    /// <summary>The lease of a job. Every page renews it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How long a job that has ended is kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private const int RowsRemovedAtOnce = 500;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RemovalInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRelease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly DatabaseClock clock = executor.Clock;
    private readonly Signal wake = new(executor.Clock);
    private readonly JobPages pages = new(jobs, steps, executor.Clock);
    private TaskCompletionSource nextEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes the next time a job ends on this executor.</summary>
    public Task NextEnd => Volatile.Read(ref nextEnd).Task;

    /// <summary>Makes it poll for a job immediately.</summary>
    public void PollNow() => wake.Set();

    /// <summary>Notifies waiters in this process that a job has ended.</summary>
    public void Ended() =>
        Interlocked
            .Exchange(ref nextEnd, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .SetResult();

    /// <summary>Runs jobs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var nextRemoval = clock.Monotonic;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await ClaimAsync(stop) is { } job)
                {
                    await WorkAsync(job, stop);
                    continue;
                }

                if (clock.Monotonic >= nextRemoval)
                {
                    await RemoveOldAsync(stop);
                    nextRemoval = clock.Monotonic + RemovalInterval;
                }
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                log.JobsDelayed(trouble);
            }

            await wake.WaitUntilAsync(clock.Monotonic + executor.Crowd.Stretched(PollInterval), stop);
        }
    }

    private Task<JobRecord?> ClaimAsync(CancellationToken stop)
    {
        var now = clock.Now();
        return jobs.ClaimJobAsync(new JobClaim(executor.Id, now, now + Lease), stop);
    }

    /// <summary>
    /// Runs a job. Transient errors are retried while the database is unavailable. On shutdown the job is released, so another executor can
    /// continue immediately.
    /// </summary>
    private async Task WorkAsync(JobRecord job, CancellationToken stop)
    {
        log.JobBegun(job.Id, executor.Id);
        var run = new JobRun(job.Key, pageSize);
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var began = clock.GetTimestamp();
                if (!await TurnAsync(run, stop))
                {
                    return;
                }

                pause = FirstPause;
                await RestAsync(clock.GetElapsedTime(began), stop);
            }
            catch (Exception trouble) when (store.IsTransient(trouble) && !stop.IsCancellationRequested)
            {
                log.JobDelayed(trouble, job.Id);
                // A shutdown during the pause ends the loop, and the job is released.
                await RestAsync(pause, stop)
                    .ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                    );
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                log.JobFailed(fault, job.Id);
                await EndAsync(run.Key, JobStatus.Failed, fault.Message, stop);
                return;
            }
        }

        await ReleaseAsync(job.Key);
    }

    /// <summary>Releases a job. If that fails or takes too long, another executor takes the job when its lease has expired.</summary>
    private async Task ReleaseAsync(JobKey key)
    {
        using var limit = new CancellationTokenSource(LongestRelease, clock);
        try
        {
            await jobs.ReleaseJobAsync(key, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception trouble)
        {
            log.JobDelayed(trouble, key.JobId);
        }
    }

    /// <summary>Processes the next page.</summary>
    /// <returns>False if there is nothing more to do here.</returns>
    private async Task<bool> TurnAsync(JobRun run, CancellationToken stop)
    {
        if (await jobs.FindJobAsync(run.Key.JobId, stop) is not { Ended: null } stored || stored.Key != run.Key)
        {
            return false;
        }

        if (stored.Total is null && stored.CancelRequested is null)
        {
            return await CountAsync(stored, stop);
        }

        if (await pages.NextAsync(stored, run.Limit, clock.Now() + Lease, stop) is not { } page)
        {
            var isCancelled = stored.CancelRequested is not null && stored.AfterId < stored.UpToId;
            await EndAsync(run.Key, isCancelled ? JobStatus.Cancelled : JobStatus.Done, error: null, stop);
            return false;
        }

        var result = await WriteAsync(run, page, stop);
        executor.Observe(new WriteResult([], result.Events, result.Changes));
        return result.Verdict != JobPageVerdict.Lost;
    }

    /// <summary>Writes a page. If that fails, the workflows are written one by one, which isolates the faulty one.</summary>
    private async Task<JobPageResult> WriteAsync(JobRun run, JobPage page, CancellationToken stop)
    {
        try
        {
            var result = await jobs.WriteJobPageAsync(page, stop);
            run.Limit = Math.Min(run.Limit * 2, pageSize);
            return result;
        }
        catch (Exception fault) when (!store.IsTransient(fault) && !stop.IsCancellationRequested)
        {
            if (page.WorkflowIds.Count == 0)
            {
                throw;
            }

            if (page.WorkflowIds is not [var only])
            {
                run.Limit = 1;
                return new JobPageResult(JobPageVerdict.ReadAgain, [], []);
            }

            log.JobMemberFailed(fault, run.Key.JobId, only);
            return await jobs.WriteJobPageAsync(page with { StepFor = _ => new JobStep.Refuse(fault.Message) }, stop);
        }
    }

    private async Task<bool> CountAsync(JobRecord stored, CancellationToken stop)
    {
        var job = Job.Of(stored);
        var renewed = clock.Monotonic;
        var forecast = await new FilterWalk(jobs, clock).CountAsync(
            JobRequest.MeantBy(job.Operation, job.Filter),
            stored.AfterId,
            stored.UpToId,
            async () =>
            {
                if (clock.Monotonic - renewed > Lease / 3)
                {
                    await jobs.RenewJobAsync(stored.Key, clock.Now() + Lease, total: null, stop);
                    renewed = clock.Monotonic;
                }
            },
            stop
        );
        return await jobs.RenewJobAsync(stored.Key, clock.Now() + Lease, forecast.Total, stop);
    }

    private async Task EndAsync(JobKey key, JobStatus status, string? error, CancellationToken stop)
    {
        var text = error?.Storable();
        if (
            await jobs.EndJobAsync(new JobEnd(key, status, text, clock.Now()), stop)
            && await jobs.FindJobAsync(key.JobId, stop) is { } job
        )
        {
            log.JobEnded(job.Id, status.ToName(), job.Done, job.Failed, job.Skipped);
        }

        Ended();
    }

    private async Task RemoveOldAsync(CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (await jobs.RemoveJobsAsync(clock.Now() - Retention, RowsRemovedAtOnce, stop))
        {
            await RestAsync(clock.GetElapsedTime(began), stop);
            began = clock.GetTimestamp();
        }
    }

    private Task RestAsync(TimeSpan span, CancellationToken stop) =>
        span > TimeSpan.Zero ? Task.Delay(span < LongestRest ? span : LongestRest, clock, stop) : Task.CompletedTask;

    /// <summary>This executor's run of a job.</summary>
    private sealed class JobRun(JobKey key, int limit)
    {
        /// <summary>The id of the job and the lease under which it runs.</summary>
        public JobKey Key { get; } = key;

        /// <summary>How many workflows the next page may have.</summary>
        public int Limit { get; set; } = limit;
    }
}
