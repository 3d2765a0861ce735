namespace GopherFlow.Definitions;

/// <summary>Validates the compensations of a definition.</summary>
internal static class CompensationValidation
{
    /// <summary>The errors of the compensation of one state.</summary>
    public static IEnumerable<DefinitionFault> Validate(WorkflowDefinition definition, StateDefinition state)
    {
        if (state.CompensatedBy is not { } name)
        {
            yield break;
        }

        if (!state.Runs)
        {
            yield return Fault(
                definition,
                state,
                "but it runs nothing; only a state with a function can be compensated"
            );
        }

        if (!definition.TryFind(name, out var undo))
        {
            yield return Fault(
                definition,
                state,
                $"which is not a state of the definition; expected {CandidatesFor(definition, state)}"
            );
        }
        else if (undo.Type != StateType.Normal)
        {
            yield return Fault(
                definition,
                state,
                $"which is of type {undo.Type}; expected an ordinary state, whose function returns Undone"
            );
        }
        else if (undo.CompensatedBy is { } next)
        {
            yield return Fault(
                definition,
                state,
                $"which is itself compensated by '{next}'; expected a state that nothing undoes"
            );
        }
    }

    /// <summary>Whether a state compensates another one.</summary>
    public static bool Undoes(WorkflowDefinition definition, string state) =>
        definition.Compensations?.Compensating.Contains(state) == true;

    private static DefinitionFault Fault(WorkflowDefinition definition, StateDefinition state, string what) =>
        new(definition.Name, state.Name, $"is compensated by '{state.CompensatedBy}', {what}")
        {
            Target = state.CompensatedBy,
        };

    private static string CandidatesFor(WorkflowDefinition definition, StateDefinition state)
    {
        var names = definition
            .States.Where(other => other is { Type: StateType.Normal, CompensatedBy: null } && other.Name != state.Name)
            .Select(other => other.Name)
            .ToList();
        return names.Count == 0 ? "an ordinary state, of which there is none" : $"one of {string.Join(", ", names)}";
    }
}
