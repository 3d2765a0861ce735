namespace GopherFlow.Authoring;

/// <summary>Starts workflows of this class on a schedule, each with empty variables.</summary>
/// <param name="cron">A cron expression of five fields, or of six with the seconds first.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ScheduleAttribute(string cron) : Attribute
{
    /// <summary>The cron expression.</summary>
    public string Cron { get; } = cron;

    /// <summary>The name of the schedule. Default: the name of the workflow.</summary>
    public string? Name { get; set; }

    /// <summary>The IANA time zone of the cron expression. Default: UTC.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>What to do when a run is due and an earlier one has not ended. Default: skip it.</summary>
    public ScheduleOverlap Overlap { get; set; } = ScheduleOverlap.Skip;

    /// <summary>What to do about missed runs. Default: start one run for all of them.</summary>
    public ScheduleCatchUp CatchUp { get; set; } = ScheduleCatchUp.Last;

    internal ScheduleDefinition DefinitionFor(string workflowType) =>
        new()
        {
            WorkflowType = workflowType,
            Cron = Cron,
            TimeZone = TimeZone,
            Overlap = Overlap,
            CatchUp = CatchUp,
        };
}
