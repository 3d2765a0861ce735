namespace GopherFlow.Storage;

/// <summary>
/// Jobs: an operation on all workflows that a filter means. Kept in the same database as the workflows, so that any executor can continue
/// with the job of one that died. Each method is one transaction.
/// </summary>
public interface IJobStore
{
    /// <summary>The largest id of a workflow, or 0.</summary>
    Task<long> LastWorkflowIdAsync(CancellationToken cancellation);

    /// <summary>A page of the workflows that a filter means, smallest id first.</summary>
    Task<IReadOnlyList<FilteredWorkflow>> FilterAsync(FilterSearch search, CancellationToken cancellation);

    /// <summary>Stores a job for whichever executor takes it.</summary>
    Task<JobRecord> CreateJobAsync(NewJob job, CancellationToken cancellation);

    /// <summary>One job, or null.</summary>
    Task<JobRecord?> FindJobAsync(long id, CancellationToken cancellation);

    /// <summary>A page of jobs, newest first.</summary>
    Task<IReadOnlyList<JobRecord>> JobsAsync(JobSearch search, CancellationToken cancellation);

    /// <summary>A page of the failures of a job, smallest workflow id first.</summary>
    Task<IReadOnlyList<JobFailure>> JobFailuresAsync(JobFailureSearch search, CancellationToken cancellation);

    /// <summary>Takes the oldest unfinished job that no executor holds, with its next lease; or gives null.</summary>
    Task<JobRecord?> ClaimJobAsync(JobClaim claim, CancellationToken cancellation);

    /// <summary>Holds a job for longer, and enters how many workflows it is about.</summary>
    /// <returns>False when it has ended or another executor holds it.</returns>
    Task<bool> RenewJobAsync(JobKey key, DateTimeOffset leaseUntil, long? total, CancellationToken cancellation);

    /// <summary>Writes a page of a job: what happens to its workflows, and how far the job is then, or nothing of both.</summary>
    Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation);

    /// <summary>Gives a job back, for any executor to continue with at once.</summary>
    Task ReleaseJobAsync(JobKey key, CancellationToken cancellation);

    /// <summary>Ends a job.</summary>
    /// <returns>False when it has ended or another executor holds it.</returns>
    Task<bool> EndJobAsync(JobEnd end, CancellationToken cancellation);

    /// <summary>
    /// Ends a job as CANCELLED, at once and for good: a page that is being written is rolled back. One that must still finish what it has
    /// begun is only marked; its executor ends it then.
    /// </summary>
    /// <returns>False when there is no such job, or it has ended.</returns>
    Task<bool> CancelJobAsync(long id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Removes jobs that ended before an instant, with their failures; a limited number of rows at a time.</summary>
    /// <returns>Whether there may be more.</returns>
    Task<bool> RemoveJobsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellation);
}

/// <summary>The end of a job.</summary>
/// <param name="Key">Under which lease.</param>
/// <param name="Status">As what it ends.</param>
/// <param name="Error">Why it could not continue, or null.</param>
/// <param name="Now">The instant.</param>
public sealed record JobEnd(JobKey Key, JobStatus Status, string? Error, DateTimeOffset Now);
