using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>A request to do an operation to every workflow that a filter means.</summary>
public sealed record JobRequest
{
    /// <summary>What is done to each of them.</summary>
    public required JobOperation Operation { get; init; }

    /// <summary>
    /// Which workflows. When it names no status, those to which the operation can be done: unfinished ones for a cancel, final ones for a
    /// delete, and so on.
    /// </summary>
    public required WorkflowFilter Filter { get; init; }

    /// <summary>Who asks for it. The history of each workflow names the job.</summary>
    public required string Actor { get; init; }

    /// <summary>The reason, for people who look at the job later; or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The filter, narrowed to the workflows to which the operation can be done.</summary>
    internal WorkflowFilter Meant => MeantBy(Operation, Filter);

    /// <summary>A filter, narrowed to the workflows to which an operation can be done.</summary>
    internal static WorkflowFilter MeantBy(JobOperation operation, WorkflowFilter filter)
    {
        var among = filter.Among(filter.Statuses.Count == 0 ? operation.Usual : operation.Possible);
        return operation is JobOperation.ChangeState { FromStates: { Count: > 0 } from }
            ? among with
            {
                States = among.States.Count == 0 ? from : [.. among.States.Intersect(from)],
            }
            : among;
    }
}

/// <summary>A job: an operation on every workflow that a filter means.</summary>
/// <param name="Id">Its id. Its actor in the history of workflows is "job:" and the id.</param>
/// <param name="Operation">What is done to each of them.</param>
/// <param name="Filter">Which workflows.</param>
/// <param name="Actor">Who started it.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Status">Its status.</param>
/// <param name="Created">When it was started by its actor.</param>
public sealed record Job(
    long Id,
    JobOperation Operation,
    WorkflowFilter Filter,
    string Actor,
    string? Reason,
    JobStatus Status,
    DateTimeOffset Created
)
{
    /// <summary>The operation as JSON; its "kind" is the name of the operation.</summary>
    public string OperationJson => JobJson.Write(Operation);

    /// <summary>The filter as JSON, without what it does not ask for.</summary>
    public string FilterJson => JobJson.Write(Filter);

    /// <summary>When an executor began with it, or null.</summary>
    public DateTimeOffset? Started { get; private init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? Ended { get; private init; }

    /// <summary>When a person asked it to stop, or null.</summary>
    public DateTimeOffset? CancelRequested { get; private init; }

    /// <summary>
    /// How many workflows the filter meant when it began, or null while they are not counted. In the end others may have been done: workflows
    /// do not stand still meanwhile.
    /// </summary>
    public long? Total { get; private init; }

    /// <summary>How many workflows were changed.</summary>
    public long Done { get; private init; }

    /// <summary>How many could not be changed; <see cref="JobOperations.FailuresAsync"/> has each.</summary>
    public long Failed { get; private init; }

    /// <summary>How many were not meant any more, or gone, when their turn came.</summary>
    public long Skipped { get; private init; }

    /// <summary>How many children, their children and so on were cancelled with them.</summary>
    public long Descendants { get; private init; }

    /// <summary>The executor that works on it, or worked on it last; null while none has.</summary>
    public long? ExecutorId { get; private init; }

    /// <summary>Why it could not continue, or null.</summary>
    public string? Error { get; private init; }

    /// <summary>Reads a job as it is stored.</summary>
    internal static Job Of(JobRecord stored) =>
        new(
            stored.Id,
            JobJson.Read<JobOperation>(stored.Operation),
            JobJson.Read<WorkflowFilter>(stored.Filter),
            stored.Actor,
            stored.Reason,
            stored.Status,
            stored.Created
        )
        {
            Started = stored.Started,
            Ended = stored.Ended,
            CancelRequested = stored.CancelRequested,
            Total = stored.Total,
            Done = stored.Done,
            Failed = stored.Failed,
            Skipped = stored.Skipped,
            Descendants = stored.Descendants,
            ExecutorId = stored.ExecutorId,
            Error = stored.Error,
        };
}

/// <summary>What a job would do.</summary>
/// <param name="Total">How many workflows it is about.</param>
/// <param name="Counts">How many of each type and status.</param>
public sealed record JobForecast(long Total, IReadOnlyList<JobForecastCount> Counts);

/// <summary>How many workflows of a type and status a job is about.</summary>
/// <param name="WorkflowType">The type.</param>
/// <param name="Status">The status.</param>
/// <param name="Count">How many.</param>
public sealed record JobForecastCount(string WorkflowType, WorkflowStatus Status, long Count);
