using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Makes states that take a signal wait for it before they run, no matter how the workflow came there.</summary>
internal static class AwaitingStates
{
    /// <summary>
    /// Wraps the state functions. A transition to a state with a signal becomes a wait for it. A state that runs without its signal goes
    /// back to waiting.
    /// </summary>
    public static IReadOnlyList<StateDefinition> Around(IReadOnlyList<StateDefinition> states)
    {
        var signals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var state in states)
        {
            if (state.Signal is { } signal)
            {
                signals.TryAdd(state.Name, signal.Name);
            }
        }

        return signals.Count == 0 ? states : [.. states.Select(state => Around(state, signals))];
    }

    private static StateDefinition Around(StateDefinition state, Dictionary<string, string> signals) =>
        state.Function is { } function
            ? state with
            {
                Function = async step =>
                    state.Signal is { } own && step.Signal?.Name != own.Name
                        ? NextState.GoTo(state.Name).Awaiting(own.Name).SettledTo(state.Name)
                        : Awaiting(await function(step), signals),
            }
            : state;

    private static NextState Awaiting(NextState next, Dictionary<string, string> signals) =>
        next is { Activation.Kind: ActivationKind.Now } && signals.TryGetValue(next.Target, out var signal)
            ? next.Awaiting(signal)
            : next;
}
