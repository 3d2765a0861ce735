using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>The status of a job.</summary>
public enum JobStatus
{
    /// <summary>QUEUED: no executor has started it yet.</summary>
    Queued,

    /// <summary>RUNNING: started, and not ended yet.</summary>
    Running,

    /// <summary>DONE: every workflow was processed.</summary>
    Done,

    /// <summary>CANCELLED: stopped by a person.</summary>
    Cancelled,

    /// <summary>FAILED: it could not continue.</summary>
    Failed,
}

/// <summary>The stored name of each <see cref="JobStatus"/>.</summary>
public static class JobStatusNames
{
    private static readonly string[] Names = ["QUEUED", "RUNNING", "DONE", "CANCELLED", "FAILED"];

    /// <summary>The name of a status, for example <c>RUNNING</c>.</summary>
    public static string ToName(this JobStatus status) => Names[(int)status];

    /// <summary>Reads a name that was written by <see cref="ToName"/>.</summary>
    public static JobStatus Parse(string name) => (JobStatus)Array.IndexOf(Names, name);

    /// <summary>Whether the job has ended.</summary>
    public static bool IsFinal(this JobStatus status) => status >= JobStatus.Done;
}

/// <summary>A job to store.</summary>
/// <param name="Operation">The operation on each workflow, as JSON.</param>
/// <param name="Filter">The filter that selects the workflows, as JSON.</param>
/// <param name="Actor">Who started it.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="AfterId">Only workflows with a larger id.</param>
/// <param name="UpToId">Only workflows with this id or a smaller one, so that a job never chases new workflows.</param>
/// <param name="Now">When it is created.</param>
public sealed record NewJob(
    string Operation,
    string Filter,
    string Actor,
    string? Reason,
    long AfterId,
    long UpToId,
    DateTimeOffset Now
)
{
    /// <summary>
    /// Identifies the job before it has an id: if the answer to its creation was lost and it is sent again, it is not stored twice.
    /// </summary>
    public long Token { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);
}

/// <summary>A job as it is stored.</summary>
public sealed record JobRecord
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>The operation on each workflow, as JSON.</summary>
    public required string Operation { get; init; }

    /// <summary>The filter that selects the workflows, as JSON.</summary>
    public required string Filter { get; init; }

    /// <summary>Who started it.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, or null.</summary>
    public required string? Reason { get; init; }

    /// <summary>Its status.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When an executor first started it, or null.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, or null.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>When a person asked it to stop, or null.</summary>
    public required DateTimeOffset? CancelRequested { get; init; }

    /// <summary>The largest id that it processes.</summary>
    public required long UpToId { get; init; }

    /// <summary>Every workflow up to this id has been processed.</summary>
    public required long AfterId { get; init; }

    /// <summary>
    /// What it has begun with workflows up to <see cref="AfterId"/> and must still finish, as text; null if there is nothing.
    /// </summary>
    public required string? Pending { get; init; }

    /// <summary>How many workflows there were when it began, or null if they were not counted yet.</summary>
    public required long? Total { get; init; }

    /// <summary>How many workflows were changed.</summary>
    public required long Done { get; init; }

    /// <summary>How many could not be changed; each is a <see cref="JobFailure"/>.</summary>
    public required long Failed { get; init; }

    /// <summary>How many the job no longer applied to, or that no longer existed, when their turn came.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many descendants were changed along with them.</summary>
    public required long Descendants { get; init; }

    /// <summary>The executor that works on it, or null.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>Increases each time an executor claims the job, which fences the previous holder: it can no longer write.</summary>
    public required long Lease { get; init; }

    /// <summary>Until when its executor holds it; null if any executor may claim it.</summary>
    public required DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Why it could not continue, or null.</summary>
    public required string? Error { get; init; }

    /// <summary>The right to write to the job under its current lease.</summary>
    public JobKey Key => new(Id, Lease);
}

/// <summary>The right of an executor to write to a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Lease">The lease under which it holds the job.</param>
public readonly record struct JobKey(long JobId, long Lease);

/// <summary>A workflow that a job could not change.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Reason">Why, as text.</param>
public sealed record JobFailure(long WorkflowId, string Reason);

/// <summary>A page of jobs, newest first.</summary>
/// <param name="Limit">The maximum number of jobs in the page.</param>
/// <param name="BeforeId">Only jobs with a smaller id, or null.</param>
public sealed record JobSearch(int Limit, long? BeforeId = null);

/// <summary>A page of the failures of a job, smallest workflow id first.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Limit">The maximum number of failures in the page.</param>
/// <param name="AfterWorkflowId">Only workflows with a larger id.</param>
public sealed record JobFailureSearch(long JobId, int Limit, long AfterWorkflowId = 0);

/// <summary>A request for a job to work on.</summary>
/// <param name="ExecutorId">The executor.</param>
/// <param name="Now">The current instant: a lease that expires by then no longer counts.</param>
/// <param name="LeaseUntil">Until when it holds the job.</param>
public sealed record JobClaim(long ExecutorId, DateTimeOffset Now, DateTimeOffset LeaseUntil)
{
    /// <summary>The current instant: a lease that expires by then no longer counts.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();

    /// <summary>Until when it holds the job.</summary>
    public DateTimeOffset LeaseUntil
    {
        get;
        init => field = value.AsStored();
    } = LeaseUntil.AsStored();
}
