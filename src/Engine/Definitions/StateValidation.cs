namespace GopherFlow.Definitions;

/// <summary>Validates one state: its targets, its function, its timeout and its retry policy.</summary>
internal static class StateValidation
{
    /// <summary>The same maximum as that of GFLOW_ENGINE_STATE_TIMEOUT. A .NET timer cannot wait longer than 49 days.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    /// <summary>The errors of a state.</summary>
    public static IEnumerable<DefinitionFault> Validate(WorkflowDefinition definition, StateDefinition state)
    {
        foreach (var target in state.GoesTo.Where(target => !definition.TryFind(target, out _)).Distinct())
        {
            yield return new(definition.Name, state.Name, $"goes to '{target}', which is not a state of the definition")
            {
                Target = target,
            };
        }

        foreach (var twice in state.GoesTo.GroupBy(target => target).Where(same => same.Count() > 1))
        {
            yield return new(
                definition.Name,
                state.Name,
                $"names the target '{twice.Key}' {twice.Count()} times; once is enough"
            )
            {
                Target = twice.Key,
            };
        }

        if (state.Runs && state.Function is null)
        {
            yield return new(definition.Name, state.Name, "has no function; a Start or Normal state needs one");
        }

        if (!state.Runs && state.Function is not null)
        {
            yield return new(
                definition.Name,
                state.Name,
                $"has a function that would never run, because it is of type {state.Type}"
            );
        }

        if (state.HasUnreadTargets)
        {
            yield return new(
                definition.Name,
                state.Name,
                "its code does not name each state that may follow; list them behind the function, as in [ \"Done\" ]"
            );
        }
        else if (state.Runs && state.GoesTo.Count == 0 && !CompensationValidation.Undoes(definition, state.Name))
        {
            yield return new(definition.Name, state.Name, "has no way out; name the states that may follow");
        }

        if (state.IsFinal && state.GoesTo.Count > 0)
        {
            yield return new(
                definition.Name,
                state.Name,
                $"is of type {state.Type} and final, but names states that follow"
            );
        }

        if (state.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > LongestTimeout))
        {
            yield return new(
                definition.Name,
                state.Name,
                $"has a timeout of {timeout}; it must be more than zero and at most {LongestTimeout.Days} days"
            );
        }

        if (state.Retry is { } retry)
        {
            foreach (var fault in RetryValidation.Validate(definition, state.Name, retry))
            {
                yield return fault;
            }
        }
    }
}
