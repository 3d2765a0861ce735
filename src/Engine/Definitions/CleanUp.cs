namespace GopherFlow.Definitions;

/// <summary>Tells the clean-up after a cancel from everything else that a workflow does.</summary>
internal static class CleanUp
{
    /// <summary>
    /// The states to which the state for a cancel leads and nothing else does: neither a transition from the start, nor a failure, nor an undo.
    /// A workflow that is in one of them cleans up.
    /// </summary>
    public static IReadOnlyList<string> StatesOf(
        IReadOnlyList<StateDefinition> states,
        string? cancelState,
        string? failureState
    )
    {
        if (cancelState is null)
        {
            return [];
        }

        var others = ReachedFrom(
            states,
            [
                .. states.Where(state => state.Type == StateType.Start).Select(state => state.Name),
                .. states.Select(state => state.CompensatedBy).OfType<string>(),
                .. new[] { failureState }.OfType<string>(),
            ]
        );
        return states.Any(state => state is { Type: StateType.Manual, GoesTo.Count: 0 } && others.Contains(state.Name))
            ? []
            : [.. ReachedFrom(states, [cancelState]).Except(others)];
    }

    private static HashSet<string> ReachedFrom(IReadOnlyList<StateDefinition> states, IEnumerable<string> first)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(first);
        while (open.TryPop(out var name))
        {
            if (reached.Add(name) && states.FirstOrDefault(state => state.Name == name) is { } state)
            {
                foreach (var target in state.GoesTo)
                {
                    open.Push(target);
                }
            }
        }

        return reached;
    }
}
