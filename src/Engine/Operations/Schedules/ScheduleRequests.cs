using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Schedules;

/// <summary>A request for a new schedule, or for a change of one.</summary>
public sealed record SaveSchedule
{
    /// <summary>The name of the schedule: letters from a to z, digits and <c>. _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Which workflow it starts, and when.</summary>
    public required ScheduleDefinition Definition { get; init; }

    /// <summary>Who asks for it.</summary>
    public required string Actor { get; init; }
}

/// <summary>What became of an operation on a schedule.</summary>
public enum ScheduleVerdict
{
    /// <summary>It is written.</summary>
    Done,

    /// <summary>There is no such schedule.</summary>
    NotFound,

    /// <summary>There is a schedule of that name already. Nothing is written.</summary>
    Exists,

    /// <summary>It is declared in code and is changed there. Nothing is written.</summary>
    Declared,
}

/// <summary>What became of an operation on a schedule.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="Schedule">The schedule as it is now, if there is one.</param>
/// <param name="WorkflowId">The workflow that was created, if one was.</param>
public sealed record ScheduleResult(ScheduleVerdict Verdict, ScheduleRecord? Schedule, long? WorkflowId = null)
{
    internal static ScheduleResult NotFound { get; } = new(ScheduleVerdict.NotFound, Schedule: null);
}
