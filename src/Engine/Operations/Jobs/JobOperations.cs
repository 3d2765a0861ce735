using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>
/// Operations on many workflows: each is a job that is stored, worked on by any executor, and seen to its end whatever becomes of the
/// process that runs it. Thread-safe; one for the process.
/// </summary>
public sealed class JobOperations
{
    private static readonly TimeSpan WaitPoll = TimeSpan.FromSeconds(1);

    private readonly IJobStore jobs;
    private readonly JobRunner runner;
    private readonly TimeProvider clock;
    private readonly FilterWalk walk;
    private readonly JobFaults faults;

    internal JobOperations(
        IJobStore jobs,
        IWorkflowStore store,
        Executor executor,
        JobRunner runner,
        DefinitionRegistry registry,
        DefinitionCatalogue catalogue
    )
    {
        this.jobs = jobs;
        this.runner = runner;
        clock = executor.Clock;
        walk = new FilterWalk(jobs, clock);
        faults = new JobFaults(store, registry, catalogue, executor.VariablesLimit);
    }

    /// <summary>
    /// Counts the workflows that a job would be about, by type and status, and stores nothing. The count is that of the moment; workflows do
    /// not stand still until the job is started.
    /// </summary>
    /// <exception cref="RejectedRequestException">A field is faulty.</exception>
    public async Task<JobForecast> DryRunAsync(JobRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await faults.RejectAsync(request, cancellation);
        var (afterId, upToId) = await walk.RangeAsync(request.Filter, cancellation);
        return await walk.CountAsync(request.Meant, afterId, upToId, () => Task.CompletedTask, cancellation);
    }

    /// <summary>
    /// Stores a job and has an executor begin with it. It is about the workflows that there are now: those that are created later are left alone.
    /// </summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RejectedRequestException">A field is faulty; nothing is stored.</exception>
    public async Task<long> StartAsync(JobRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await faults.RejectAsync(request, cancellation);
        var (afterId, upToId) = await walk.RangeAsync(request.Filter, cancellation);
        var job = await jobs.CreateJobAsync(
            new NewJob(
                JobJson.Write(request.Operation),
                JobJson.Write(request.Filter),
                request.Actor,
                request.Reason,
                afterId,
                upToId,
                clock.Now()
            ),
            cancellation
        );
        runner.LookNow();
        return job.Id;
    }

    /// <summary>One job, or null.</summary>
    public async Task<Job?> FindAsync(long id, CancellationToken cancellation = default) =>
        await jobs.FindJobAsync(id, cancellation) is { } stored ? Job.Of(stored) : null;

    /// <summary>A page of jobs, newest first.</summary>
    /// <param name="limit">The most jobs in the page.</param>
    /// <param name="beforeId">Only jobs with a smaller id: where the page before this one ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<Job>> ListAsync(
        int limit = 50,
        long? beforeId = null,
        CancellationToken cancellation = default
    ) => [.. (await jobs.JobsAsync(new JobSearch(limit, beforeId), cancellation)).Select(Job.Of)];

    /// <summary>A page of the workflows that a job could not change, and why.</summary>
    /// <param name="id">The job.</param>
    /// <param name="limit">The most failures in the page.</param>
    /// <param name="afterWorkflowId">Only workflows with a larger id: where the page before this one ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<JobFailure>> FailuresAsync(
        long id,
        int limit = 50,
        long afterWorkflowId = 0,
        CancellationToken cancellation = default
    ) => jobs.JobFailuresAsync(new JobFailureSearch(id, limit, afterWorkflowId), cancellation);

    /// <summary>
    /// Stops a job. What it has changed stays; nothing more is changed after this, but for the children of workflows that it has cancelled
    /// already.
    /// </summary>
    /// <returns>False when there is no such job, or it has ended.</returns>
    public async Task<bool> CancelAsync(long id, CancellationToken cancellation = default)
    {
        var isCancelled = await jobs.CancelJobAsync(id, clock.Now(), cancellation);
        runner.Ended();
        return isCancelled;
    }

    /// <summary>Waits until a job has ended, on whichever executor, or the time is up.</summary>
    /// <returns>The job as it is then, or null when there is none.</returns>
    public async Task<Job?> WaitAsync(long id, TimeSpan limit, CancellationToken cancellation = default)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var end = runner.NextEnd;
            var job = await FindAsync(id, cancellation);
            var left = limit - clock.GetElapsedTime(began);
            if (job is null || job.Status.IsFinal() || left <= TimeSpan.Zero)
            {
                return job;
            }

            try
            {
                await end.WaitAsync(left < WaitPoll ? left : WaitPoll, clock, cancellation);
            }
            catch (TimeoutException)
            {
                // It may have ended on another executor.
            }
        }
    }
}
