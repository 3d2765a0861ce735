namespace GopherFlow.Storage;

/// <summary>
/// Jobs: operations on all workflows that match a filter. Stored in the same database as the workflows, so that any executor can continue
/// the job of one that has died. Each method is one transaction.
/// </summary>
public interface IJobStore
{
    /// <summary>The largest id of a workflow, or 0 if there is none.</summary>
    Task<long> LastWorkflowIdAsync(CancellationToken cancellation);

    /// <summary>A page of the workflows that match a filter, smallest id first.</summary>
    Task<IReadOnlyList<FilteredWorkflow>> FilterAsync(FilterSearch search, CancellationToken cancellation);

    /// <summary>
    /// Stores a job, which any executor may then take. If a job with the same token is already stored, returns that one unchanged.
    /// </summary>
    Task<JobRecord> CreateJobAsync(NewJob job, CancellationToken cancellation);

    /// <summary>One job, or null.</summary>
    Task<JobRecord?> FindJobAsync(long id, CancellationToken cancellation);

    /// <summary>A page of jobs, newest first.</summary>
    Task<IReadOnlyList<JobRecord>> JobsAsync(JobSearch search, CancellationToken cancellation);

    /// <summary>A page of the failures of a job, smallest workflow id first.</summary>
    Task<IReadOnlyList<JobFailure>> JobFailuresAsync(JobFailureSearch search, CancellationToken cancellation);

    /// <summary>Claims the oldest unfinished job that no executor holds, under its next lease; null if there is none.</summary>
    Task<JobRecord?> ClaimJobAsync(JobClaim claim, CancellationToken cancellation);

    /// <summary>Extends the lease of a job, and stores the number of its workflows if it is given.</summary>
    /// <returns>False if it has ended or another executor holds it.</returns>
    Task<bool> RenewJobAsync(JobKey key, DateTimeOffset leaseUntil, long? total, CancellationToken cancellation);

    /// <summary>Writes a page of a job: the events of its workflows and the new position of the job, all or nothing.</summary>
    Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation);

    /// <summary>Releases a job, so that any executor can continue it at once.</summary>
    Task ReleaseJobAsync(JobKey key, CancellationToken cancellation);

    /// <summary>Ends a job.</summary>
    /// <returns>False if it has ended or another executor holds it.</returns>
    Task<bool> EndJobAsync(JobEnd end, CancellationToken cancellation);

    /// <summary>
    /// Ends a job as CANCELLED, immediately and for good: a page that is being written is rolled back. A job that must finish what it has
    /// begun is only marked; its executor ends it afterwards.
    /// </summary>
    /// <returns>False if there is no such job, or it has ended.</returns>
    Task<bool> CancelJobAsync(long id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Deletes jobs that ended before an instant, with their failures, a limited number of rows at a time.</summary>
    /// <returns>Whether there may be more.</returns>
    Task<bool> RemoveJobsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellation);
}

/// <summary>The end of a job.</summary>
/// <param name="Key">The job, and the lease under which it is held.</param>
/// <param name="Status">The status with which it ends.</param>
/// <param name="Error">Why it could not continue, or null.</param>
/// <param name="Now">The instant.</param>
public sealed record JobEnd(JobKey Key, JobStatus Status, string? Error, DateTimeOffset Now);
