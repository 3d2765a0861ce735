using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Schedules;

/// <summary>A request to create or change a schedule.</summary>
public sealed record SaveSchedule
{
    /// <summary>The name of the schedule: letters from a to z, digits and <c>. _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Which workflow it starts, and when.</summary>
    public required ScheduleDefinition Definition { get; init; }

    /// <summary>Who makes the request.</summary>
    public required string Actor { get; init; }
}

/// <summary>The outcome of an operation on a schedule.</summary>
public enum ScheduleVerdict
{
    /// <summary>The change is written.</summary>
    Done,

    /// <summary>The schedule does not exist.</summary>
    NotFound,

    /// <summary>A schedule of that name already exists. Nothing is written.</summary>
    Exists,

    /// <summary>The schedule is declared in code, and must be changed there. Nothing is written.</summary>
    Declared,
}

/// <summary>The result of an operation on a schedule.</summary>
/// <param name="Verdict">The outcome.</param>
/// <param name="Schedule">The current schedule, if it exists.</param>
/// <param name="WorkflowId">The id of the workflow that was created, or null.</param>
public sealed record ScheduleResult(ScheduleVerdict Verdict, ScheduleRecord? Schedule, long? WorkflowId = null)
{
    internal static ScheduleResult NotFound { get; } = new(ScheduleVerdict.NotFound, Schedule: null);
}
