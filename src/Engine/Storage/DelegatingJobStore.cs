using System.Runtime.CompilerServices;

namespace GopherFlow.Storage;

/// <summary>Forwards every call to another job store. Derive from it to observe, delay or change calls.</summary>
/// <param name="inner">The store that does the work.</param>
public abstract class DelegatingJobStore(IJobStore inner) : IJobStore
{
    /// <summary>The store that does the work.</summary>
    protected IJobStore Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual Task<long> LastWorkflowIdAsync(CancellationToken cancellation) =>
        CallAsync(() => Inner.LastWorkflowIdAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<FilteredWorkflow>> FilterAsync(
        FilterSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.FilterAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<JobRecord> CreateJobAsync(NewJob job, CancellationToken cancellation) =>
        CallAsync(() => Inner.CreateJobAsync(job, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<JobRecord?> FindJobAsync(long id, CancellationToken cancellation) =>
        CallAsync(() => Inner.FindJobAsync(id, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<JobRecord>> JobsAsync(JobSearch search, CancellationToken cancellation) =>
        CallAsync(() => Inner.JobsAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<JobFailure>> JobFailuresAsync(
        JobFailureSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.JobFailuresAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<JobRecord?> ClaimJobAsync(JobClaim claim, CancellationToken cancellation) =>
        CallAsync(() => Inner.ClaimJobAsync(claim, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<bool> RenewJobAsync(
        JobKey key,
        DateTimeOffset leaseUntil,
        long? total,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.RenewJobAsync(key, leaseUntil, total, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
        CallAsync(() => Inner.WriteJobPageAsync(page, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task ReleaseJobAsync(JobKey key, CancellationToken cancellation) =>
        CallAsync(() => DoneAsync(Inner.ReleaseJobAsync(key, cancellation)), cancellation);

    /// <inheritdoc/>
    public virtual Task<bool> EndJobAsync(JobEnd end, CancellationToken cancellation) =>
        CallAsync(() => Inner.EndJobAsync(end, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<bool> CancelJobAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        CallAsync(() => Inner.CancelJobAsync(id, now, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<bool> RemoveJobsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellation) =>
        CallAsync(() => Inner.RemoveJobsAsync(endedBefore, limit, cancellation), cancellation);

    /// <summary>Makes a call to the inner store. Every call goes through here.</summary>
    /// <param name="name">The method that is called.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="cancellation">Cancels the call.</param>
    protected virtual Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call();
    }

    private Task<T> CallAsync<T>(
        Func<Task<T>> call,
        CancellationToken cancellation,
        [CallerMemberName] string name = ""
    ) => CallAsync(name, call, cancellation);

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }
}
