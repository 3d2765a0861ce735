using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Schedules;

/// <summary>Validates a schedule before it is stored.</summary>
internal sealed class ScheduleFaults(DefinitionCatalogue catalogue, VariablesLimit limit)
{
    private const int LongestName = 100;

    /// <summary>Rejects a schedule that is invalid, or whose definition does not exist.</summary>
    /// <exception cref="RejectedRequestException">Fields are invalid. The exception lists all of them.</exception>
    public async Task RejectAsync(string name, ScheduleDefinition schedule, CancellationToken cancellation)
    {
        Reject(name, schedule);
        var definition = await catalogue.FindAsync(schedule.WorkflowType, cancellation);
        RequestFaults.Reject([
            .. definition is null
                ? [new FieldFault("workflowType", schedule.WorkflowType, "the name of a definition")]
                : Array.Empty<FieldFault>(),
            .. await catalogue.InputFaultOfAsync(schedule.WorkflowType, schedule.StateVars, cancellation) is { } fault
                ? [new FieldFault($"stateVars{fault.Path}", null, fault.Expected)]
                : Array.Empty<FieldFault>(),
        ]);
    }

    /// <summary>Rejects a schedule that is invalid, without checking its definition.</summary>
    /// <exception cref="RejectedRequestException">Fields are invalid. The exception lists all of them.</exception>
    public void Reject(string name, ScheduleDefinition schedule) =>
        RequestFaults.Reject([.. OfName(name), .. Of(schedule)]);

    /// <summary>Validates the name. It is part of external ids, between colons, and of URLs.</summary>
    private static IEnumerable<FieldFault> OfName(string name)
    {
        if (
            name.Length is 0 or > LongestName
            || !char.IsAsciiLetterOrDigit(name[0])
            || !name.All(character => char.IsAsciiLetterOrDigit(character) || "._-".Contains(character))
        )
        {
            yield return new(
                "name",
                name.Storable().CutAt(LongestName),
                "1 to 100 letters from a to z, digits and . _ -, beginning with a letter or a digit"
            );
        }
    }

    private IEnumerable<FieldFault> Of(ScheduleDefinition schedule) =>
        [
            .. RequestFaults.OfText("workflowType", schedule.WorkflowType),
            .. RequestFaults.OfText("businessKey", schedule.BusinessKey),
            .. RequestFaults.OfText("executorGroup", schedule.ExecutorGroup),
            .. RequestFaults.OfPriority(schedule.Priority),
            .. OfTimetable(schedule),
            .. OfPolicies(schedule),
            .. OfVariables(schedule.StateVars),
        ];

    /// <summary>Validates the timetable.</summary>
    public static IEnumerable<FieldFault> OfTimetable(ScheduleDefinition schedule)
    {
        Timetable.TryRead(schedule, out var faults);
        return faults.Select(fault => new FieldFault(fault.Field, fault.Value, fault.Expected));
    }

    private static IEnumerable<FieldFault> OfPolicies(ScheduleDefinition schedule)
    {
        if (!Enum.IsDefined(schedule.Overlap))
        {
            yield return new("overlap", $"{schedule.Overlap}", "SKIP, QUEUE or ALLOW");
        }

        if (!Enum.IsDefined(schedule.CatchUp))
        {
            yield return new("catchUp", $"{schedule.CatchUp}", "NONE, LAST or ALL");
        }

        if (schedule.CatchUpLimit is < 1 or > ScheduleRule.MostCaughtUp)
        {
            yield return new(
                "catchUpLimit",
                $"{schedule.CatchUpLimit}",
                $"a whole number from 1 to {ScheduleRule.MostCaughtUp}"
            );
        }
    }

    private IEnumerable<FieldFault> OfVariables(string stateVars)
    {
        if (!stateVars.AsSpan().TrimStart().StartsWith("{") || !VariableEditor.IsReadable(stateVars))
        {
            yield return new("stateVars", null, "a JSON object, at most 63 levels deep");
        }
        else if (!limit.Allows(stateVars))
        {
            yield return new("stateVars", null, limit.Expected(stateVars));
        }
    }
}
