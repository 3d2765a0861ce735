using GopherFlow.Execution;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Schedules;

/// <summary>Creates the workflows for the runs of schedules.</summary>
internal sealed class ScheduleRuns(DefinitionCatalogue catalogue)
{
    /// <summary>The workflows for due instants; null if the definition does not exist or is disabled.</summary>
    public async Task<IReadOnlyList<NewWorkflow>?> ForAsync(
        ScheduleRecord schedule,
        IReadOnlyList<DateTimeOffset> due,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        await DefinitionAsync(schedule, cancellation) is { } definition
            ? [.. due.Select(instant => Run(schedule, definition, schedule.ExternalIdOf(instant), instant, now))]
            : null;

    /// <summary>The workflow for a run that a person starts now; null if the definition does not exist or is disabled.</summary>
    public async Task<NewWorkflow?> TriggeredAsync(
        ScheduleRecord schedule,
        DateTimeOffset now,
        string actor,
        CancellationToken cancellation
    ) =>
        await DefinitionAsync(schedule, cancellation) is { } definition
            ? Run(schedule, definition, schedule.ExternalIdOfTrigger(now), now, now) with
            {
                CreatedBy = actor,
            }
            : null;

    private async Task<WorkflowDefinitionOutline?> DefinitionAsync(
        ScheduleRecord schedule,
        CancellationToken cancellation
    )
    {
        var type = schedule.Definition.WorkflowType;
        return catalogue.IsDisabled(type) ? null : await catalogue.FindAsync(type, cancellation);
    }

    private static NewWorkflow Run(
        ScheduleRecord schedule,
        WorkflowDefinitionOutline definition,
        string externalId,
        DateTimeOffset due,
        DateTimeOffset now
    ) =>
        new()
        {
            ExternalId = externalId,
            WorkflowType = definition.Name,
            Version = definition.Version,
            BusinessKey = schedule.BusinessKeyOf(due),
            ExecutorGroup = schedule.Definition.ExecutorGroup,
            Priority = schedule.Definition.Priority,
            State = definition.InitialState,
            StateVars = schedule.Definition.StateVars,
            Limit = definition.InitialLimit,
            NextActivation = now,
            CreatedBy = schedule.Actor,
            Tracing = definition.Tracing,
        };
}
