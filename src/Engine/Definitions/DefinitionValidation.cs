using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Validates definitions, however they were written (class, builder or script), and reports all errors at once.</summary>
public static class DefinitionValidation
{
    /// <summary>The maximum length of the name of a definition or a state, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>Returns all errors of a definition; none if it can run.</summary>
    public static IReadOnlyList<DefinitionFault> Validate(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return
        [
            .. OfNames(definition),
            .. OfStart(definition),
            .. definition.States.SelectMany(state => StateValidation.Validate(definition, state)),
            .. ReachabilityValidation.Validate(definition),
            .. RetryValidation.Validate(definition, null, definition.Retry),
            .. OfDiversion(definition, definition.CancelState, "it is cancelled"),
            .. OfDiversion(definition, definition.FailureState, "a state fails"),
            .. definition.States.SelectMany(state => CompensationValidation.Validate(definition, state)),
            .. OfRetention(definition),
            .. OfWebhooks(definition),
            .. OfLimits(definition, null, definition.Limits),
            .. definition.States.SelectMany(state => OfLimits(definition, state, state.Limits)),
        ];
    }

    private static IEnumerable<DefinitionFault> OfWebhooks(WorkflowDefinition definition)
    {
        foreach (
            var webhook in definition.Webhooks.Where(webhook => (webhook.On & WorkflowEnds.All) == WorkflowEnds.None)
        )
        {
            yield return new(
                definition.Name,
                null,
                $"has a webhook '{webhook.Name}' that is called for no ending; expected Finished, Failed or Cancelled"
            );
        }

        foreach (var twice in definition.Webhooks.GroupBy(webhook => webhook.Name).Where(same => same.Count() > 1))
        {
            yield return new(
                definition.Name,
                null,
                $"names the webhook '{twice.Key}' {twice.Count()} times; name it once, with all of its endings"
            );
        }
    }

    private static IEnumerable<DefinitionFault> OfLimits(
        WorkflowDefinition definition,
        StateDefinition? state,
        IReadOnlyList<WorkflowLimit> limits
    )
    {
        if (limits.Any(limit => limit.Count < 1 || limit.Span <= TimeSpan.Zero))
        {
            yield return new(definition.Name, state?.Name, "has a limit below 1; a limit must be at least 1");
        }

        if (limits.Count > 0 && state is { Runs: false })
        {
            yield return new(
                definition.Name,
                state.Name,
                "has a limit and runs nothing; limit a state with a function"
            );
        }
    }

    private static IEnumerable<DefinitionFault> OfNames(WorkflowDefinition definition)
    {
        if (NameFault(definition.Name) is { } nameFault)
        {
            yield return new(definition.Name, null, $"the name of the definition {nameFault}");
        }

        foreach (var state in definition.States)
        {
            if (NameFault(state.Name) is { } stateFault)
            {
                yield return new(definition.Name, state.Name, $"the name of the state {stateFault}");
            }
        }

        foreach (var twice in definition.States.GroupBy(state => state.Name).Where(same => same.Count() > 1))
        {
            yield return new(
                definition.Name,
                twice.Key,
                $"is declared {twice.Count()} times; give each state a name of its own"
            );
        }
    }

    private static string? NameFault(string name) =>
        name switch
        {
            _ when string.IsNullOrWhiteSpace(name) => "is empty; give it one",
            _ when name.Length > LongestName => $"has {name.Length} characters; at most {LongestName} are allowed",
            _ when name.Any(char.IsControl) || name != name.Trim() =>
                "has control characters or blanks around it; remove them",
            _ => null,
        };

    private static IEnumerable<DefinitionFault> OfStart(WorkflowDefinition definition)
    {
        var starts = definition
            .States.Where(state => state.Type == StateType.Start)
            .Select(state => state.Name)
            .ToList();
        if (starts.Count == 0)
        {
            yield return new(definition.Name, null, "has no Start state; declare exactly one");
        }
        else if (starts.Count > 1)
        {
            yield return new(
                definition.Name,
                null,
                $"has {starts.Count} Start states ({string.Join(", ", starts)}); declare exactly one"
            );
        }
    }

    /// <summary>Validates the clean-up or failure state, to which the engine can move a workflow from any state.</summary>
    private static IEnumerable<DefinitionFault> OfDiversion(WorkflowDefinition definition, string? name, string when)
    {
        if (name is null)
        {
            yield break;
        }

        if (!(definition.TryFind(name, out var state) && state.Runs))
        {
            yield return new(
                definition.Name,
                null,
                $"goes to '{name}' when {when}, which is not a state with a function"
            )
            {
                Target = name,
            };
        }
        else if (CompensationValidation.Undoes(definition, name))
        {
            yield return new(
                definition.Name,
                null,
                $"goes to '{name}' when {when}, which undoes another state; expected one that returns Compensate"
            )
            {
                Target = name,
            };
        }
    }

    private static IEnumerable<DefinitionFault> OfRetention(WorkflowDefinition definition)
    {
        (string Of, TimeSpan? Span)[] spans =
        [
            (nameof(Retention.Finished), definition.Retention.Finished),
            (nameof(Retention.Failed), definition.Retention.Failed),
            (nameof(Retention.Cancelled), definition.Retention.Cancelled),
        ];
        return spans
            .Where(span => span.Span < TimeSpan.Zero)
            .Select(span => new DefinitionFault(
                definition.Name,
                null,
                $"has a retention ({span.Of}) of {span.Span}; expected zero (forever) or more"
            ));
    }
}
