namespace GopherFlow.Authoring;

/// <summary>What a schedule does when it is due and an earlier run has not ended.</summary>
public enum ScheduleOverlap
{
    /// <summary>SKIP: the run is not started, only counted as skipped.</summary>
    Skip,

    /// <summary>QUEUE: the run starts when the previous one has ended.</summary>
    Queue,

    /// <summary>ALLOW: the run starts in parallel with the others.</summary>
    Allow,
}

/// <summary>What a schedule does about runs that were missed because no executor was running.</summary>
public enum ScheduleCatchUp
{
    /// <summary>NONE: missed runs are skipped.</summary>
    None,

    /// <summary>LAST: only the last missed run is started.</summary>
    Last,

    /// <summary>ALL: all missed runs are started, but at most the last <see cref="ScheduleDefinition.CatchUpLimit"/>.</summary>
    All,
}

/// <summary>Which workflow a schedule starts, and when.</summary>
public sealed record ScheduleDefinition
{
    /// <summary>A placeholder in <see cref="BusinessKey"/> for the name of the schedule.</summary>
    public const string NamePlaceholder = "{schedule}";

    /// <summary>A placeholder in <see cref="BusinessKey"/> for the instant when the run was due: <c>2026-01-31T02:00:00Z</c>.</summary>
    public const string DuePlaceholder = "{due}";

    /// <summary>The name of the definition to start.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>
    /// A cron expression of five fields, or of six with the seconds first. Set either this or <see cref="Every"/>.
    /// </summary>
    public string? Cron { get; init; }

    /// <summary>
    /// The interval between runs, in whole seconds, counted from 1970-01-01 UTC. An interval of 15 minutes is due at :00, :15, :30 and :45.
    /// Set either this or <see cref="Cron"/>.
    /// </summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The IANA time zone of the cron expression. Default: UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The variables of each run, as the text of a JSON object. Default: an empty object.</summary>
    public string StateVars { get; init; } = Variables.EmptyJson;

    /// <summary>
    /// The business key of each run. It may contain <see cref="NamePlaceholder"/> and <see cref="DuePlaceholder"/>. Default: the name of
    /// the schedule.
    /// </summary>
    public string BusinessKey { get; init; } = NamePlaceholder;

    /// <summary>The executor group that runs the workflows. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>The priority of each run, from 1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>What to do when a run is due and an earlier one has not ended. Default: skip it.</summary>
    public ScheduleOverlap Overlap { get; init; } = ScheduleOverlap.Skip;

    /// <summary>What to do about missed runs. Default: start one run for all of them.</summary>
    public ScheduleCatchUp CatchUp { get; init; } = ScheduleCatchUp.Last;

    /// <summary>How many missed runs <see cref="ScheduleCatchUp.All"/> starts at most. Default: 100.</summary>
    public int CatchUpLimit { get; init; } = 100;

    /// <summary>A copy that starts each run with these variables.</summary>
    public ScheduleDefinition With(Variables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return this with { StateVars = variables.ToJson() };
    }
}
