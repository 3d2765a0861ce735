namespace GopherFlow.Definitions;

/// <summary>Finds states that no workflow can reach.</summary>
internal static class ReachabilityValidation
{
    /// <summary>
    /// Reports unreachable states. From a Manual state without targets a person can move a workflow to any state, and targets that could
    /// not be read from the code may be any state, so in both cases every state counts as reachable.
    /// </summary>
    public static IEnumerable<DefinitionFault> Validate(WorkflowDefinition definition)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(
            definition.States.Where(state => state.Type == StateType.Start).Select(state => state.Name)
        );
        if (open.Count == 0)
        {
            yield break;
        }

        foreach (var diversion in new[] { definition.CancelState, definition.FailureState }.OfType<string>())
        {
            open.Push(diversion);
        }

        while (open.TryPop(out var name))
        {
            if (!reached.Add(name) || !definition.TryFind(name, out var state))
            {
                continue;
            }

            if (state is { Type: StateType.Manual, GoesTo.Count: 0 } or { HasUnreadTargets: true })
            {
                yield break;
            }

            foreach (var target in state.CompensatedBy is { } undo ? state.GoesTo.Append(undo) : state.GoesTo)
            {
                open.Push(target);
            }
        }

        foreach (var state in definition.States.Where(state => !reached.Contains(state.Name)))
        {
            yield return new(
                definition.Name,
                state.Name,
                "cannot be reached from the Start state; remove it or add a transition to it"
            );
        }
    }
}
