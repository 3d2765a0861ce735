using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>A request to apply an operation to all workflows that match a filter.</summary>
public sealed record JobRequest
{
    /// <summary>The operation to apply to each workflow.</summary>
    public required JobOperation Operation { get; init; }

    /// <summary>
    /// The filter for the workflows. If it has no statuses, those are used in which the operation is possible: unfinished workflows for a
    /// cancel, final ones for a delete, and so on.
    /// </summary>
    public required WorkflowFilter Filter { get; init; }

    /// <summary>Who starts the job. The history of each workflow records the job as the actor.</summary>
    public required string Actor { get; init; }

    /// <summary>The reason, for people who read about the job later; or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The filter, restricted to workflows to which the operation can be applied.</summary>
    internal WorkflowFilter Meant => MeantBy(Operation, Filter);

    /// <summary>Restricts a filter to the workflows to which an operation can be applied.</summary>
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

/// <summary>A job: an operation on all workflows that match a filter.</summary>
/// <param name="Id">Its id. In the history of workflows, the actor is "job:" and the id.</param>
/// <param name="Operation">The operation to apply to each workflow.</param>
/// <param name="Filter">The filter for the workflows.</param>
/// <param name="Actor">Who started it.</param>
/// <param name="Reason">The reason, or null.</param>
/// <param name="Status">Its status.</param>
/// <param name="Created">When its actor started it.</param>
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
    /// <summary>The operation as JSON. The member "kind" is the name of the operation.</summary>
    public string OperationJson => JobJson.Write(Operation);

    /// <summary>The filter as JSON, without the conditions that are not set.</summary>
    public string FilterJson => JobJson.Write(Filter);

    /// <summary>When an executor began to run it, or null.</summary>
    public DateTimeOffset? Started { get; private init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? Ended { get; private init; }

    /// <summary>When a person cancelled it, or null.</summary>
    public DateTimeOffset? CancelRequested { get; private init; }

    /// <summary>
    /// How many workflows matched the filter at the beginning, or null until they have been counted. The number of processed workflows may
    /// differ in the end, because workflows change meanwhile.
    /// </summary>
    public long? Total { get; private init; }

    /// <summary>How many workflows were changed.</summary>
    public long Done { get; private init; }

    /// <summary>How many workflows could not be changed. <see cref="JobOperations.FailuresAsync"/> returns them.</summary>
    public long Failed { get; private init; }

    /// <summary>
    /// How many workflows were skipped when they were reached, because they no longer matched the filter or no longer existed, or, in a
    /// cancel, because they were already cleaning up.
    /// </summary>
    public long Skipped { get; private init; }

    /// <summary>How many descendants were cancelled with the workflows.</summary>
    public long Descendants { get; private init; }

    /// <summary>The executor that runs it or ran it last, or null if none has.</summary>
    public long? ExecutorId { get; private init; }

    /// <summary>Why it could not continue, or null.</summary>
    public string? Error { get; private init; }

    /// <summary>Converts a stored job.</summary>
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

/// <summary>The workflows that a job would process.</summary>
/// <param name="Total">How many workflows it would process.</param>
/// <param name="Counts">How many workflows of each type and status.</param>
public sealed record JobForecast(long Total, IReadOnlyList<JobForecastCount> Counts);

/// <summary>How many workflows of one type and status a job would process.</summary>
/// <param name="WorkflowType">The type.</param>
/// <param name="Status">The status.</param>
/// <param name="Count">The number of workflows.</param>
public sealed record JobForecastCount(string WorkflowType, WorkflowStatus Status, long Count);
