using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>
/// Operations on many workflows. Each is a job that is stored in the database and run by any executor. If the process that runs it dies,
/// another one continues. Thread-safe; one instance per process.
/// </summary>
public sealed class JobOperations
{
    private static readonly TimeSpan WaitPoll = TimeSpan.FromSeconds(1);

    private readonly IJobStore jobs;
    private readonly IWorkflowStore store;
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
        this.store = store;
        this.runner = runner;
        clock = executor.Clock;
        walk = new FilterWalk(jobs, clock);
        faults = new JobFaults(store, registry, catalogue, executor.VariablesLimit);
    }

    /// <summary>
    /// Counts the workflows that a job would process, by type and status, without storing anything. The counts may change until the job is
    /// started.
    /// </summary>
    /// <exception cref="RejectedRequestException">A field is invalid.</exception>
    public async Task<JobForecast> DryRunAsync(JobRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await faults.RejectAsync(request, cancellation);
        var (afterId, upToId) = await walk.RangeAsync(request.Filter, cancellation);
        return await walk.CountAsync(request.Meant, afterId, upToId, () => Task.CompletedTask, cancellation);
    }

    /// <summary>
    /// Stores a job, and lets an executor start it. It processes the workflows that exist now, but none that are created later.
    /// </summary>
    /// <returns>The id of the job.</returns>
    /// <exception cref="RejectedRequestException">A field is invalid. Nothing is stored.</exception>
    public async Task<long> StartAsync(JobRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await faults.RejectAsync(request, cancellation);
        var (afterId, upToId) = await walk.RangeAsync(request.Filter, cancellation);
        var job = await CreateAsync(
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
        runner.PollNow();
        return job.Id;
    }

    /// <summary>Finds a job. Returns null if it does not exist.</summary>
    public async Task<Job?> FindAsync(long id, CancellationToken cancellation = default) =>
        await jobs.FindJobAsync(id, cancellation) is { } stored ? Job.Of(stored) : null;

    /// <summary>Returns a page of jobs, newest first.</summary>
    /// <param name="limit">The maximum number of jobs in the page.</param>
    /// <param name="beforeId">Only jobs with a smaller id: the last id of the previous page.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<IReadOnlyList<Job>> ListAsync(
        int limit = 50,
        long? beforeId = null,
        CancellationToken cancellation = default
    ) => [.. (await jobs.JobsAsync(new JobSearch(limit, beforeId), cancellation)).Select(Job.Of)];

    /// <summary>Returns a page of the workflows that a job could not change, with the reasons.</summary>
    /// <param name="id">The id of the job.</param>
    /// <param name="limit">The maximum number of failures in the page.</param>
    /// <param name="afterWorkflowId">Only workflows with a larger id: the last id of the previous page.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public Task<IReadOnlyList<JobFailure>> FailuresAsync(
        long id,
        int limit = 50,
        long afterWorkflowId = 0,
        CancellationToken cancellation = default
    ) => jobs.JobFailuresAsync(new JobFailureSearch(id, limit, afterWorkflowId), cancellation);

    /// <summary>
    /// Stops a job. Changes that it has made are kept. After this, it changes nothing more, except the children of workflows that it has
    /// already cancelled.
    /// </summary>
    /// <returns>False if the job does not exist or has ended.</returns>
    public async Task<bool> CancelAsync(long id, CancellationToken cancellation = default)
    {
        var isCancelled = await jobs.CancelJobAsync(id, clock.Now(), cancellation);
        runner.Ended();
        return isCancelled;
    }

    /// <summary>Waits until a job has ended on any executor, or the time limit has passed.</summary>
    /// <returns>The job at the end of the wait, or null if it does not exist.</returns>
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

    /// <summary>
    /// Creates a job, with retries. If the answer was lost, the job may be stored already; a caller that repeats the request would start it
    /// twice, whereas the retry here stores it only once.
    /// </summary>
    private Task<JobRecord> CreateAsync(NewJob job, CancellationToken cancellation) =>
        TransientRetry.RunAsync(store, clock, _ => jobs.CreateJobAsync(job, cancellation), cancellation);
}
