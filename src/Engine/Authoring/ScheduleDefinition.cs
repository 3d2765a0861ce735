namespace GopherFlow.Authoring;

/// <summary>What a schedule does when it is due and a run of it has not ended.</summary>
public enum ScheduleOverlap
{
    /// <summary>SKIP: nothing is started, and the skipped run is counted.</summary>
    Skip,

    /// <summary>QUEUE: the run starts when the one before it has ended.</summary>
    Queue,

    /// <summary>ALLOW: the run starts beside the others.</summary>
    Allow,
}

/// <summary>What a schedule does about the runs that it missed because no executor was there to start them.</summary>
public enum ScheduleCatchUp
{
    /// <summary>NONE: they are skipped.</summary>
    None,

    /// <summary>LAST: one run for all of them, the last.</summary>
    Last,

    /// <summary>ALL: every one of them, at most <see cref="ScheduleDefinition.CatchUpLimit"/>, the last ones.</summary>
    All,
}

/// <summary>Which workflow a schedule starts, and when.</summary>
public sealed record ScheduleDefinition
{
    /// <summary>In <see cref="BusinessKey"/>: the name of the schedule.</summary>
    public const string NamePlaceholder = "{schedule}";

    /// <summary>In <see cref="BusinessKey"/>: the instant at which the run was due, such as <c>2026-01-31T02:00:00Z</c>.</summary>
    public const string DuePlaceholder = "{due}";

    /// <summary>The name of the definition of which a workflow is started.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>A cron expression of five fields, or of six with the seconds first. Either this or <see cref="Every"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>Whole seconds, counted from 1970-01-01 UTC: every 15 minutes is at :00, :15, :30 and :45.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The IANA time zone of the cron expression. Default: UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The variables of each run, as the text of a JSON object.</summary>
    public string StateVars { get; init; } = Variables.EmptyJson;

    /// <summary>The business key of each run. Default: the name of the schedule.</summary>
    public string BusinessKey { get; init; } = NamePlaceholder;

    /// <summary>Which executors may run it. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>When a run is due and another has not ended. Default: it is skipped.</summary>
    public ScheduleOverlap Overlap { get; init; } = ScheduleOverlap.Skip;

    /// <summary>Of the runs that were missed. Default: one run for all of them.</summary>
    public ScheduleCatchUp CatchUp { get; init; } = ScheduleCatchUp.Last;

    /// <summary>With <see cref="ScheduleCatchUp.All"/>: the most missed runs to make up for. Default: 100.</summary>
    public int CatchUpLimit { get; init; } = 100;

    /// <summary>The same with these variables for each run.</summary>
    public ScheduleDefinition With(Variables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return this with { StateVars = variables.ToJson() };
    }
}
