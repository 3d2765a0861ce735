namespace GopherFlow.Conformance.Setting;

/// <summary>Where a state leads when its workflow goes to another version.</summary>
/// <param name="From">The state in the old version.</param>
/// <param name="To">The state in the new version.</param>
/// <param name="Runs">Whether the new one runs; else it waits for a person.</param>
public sealed record StateMove(string From, string To, bool Runs)
{
    public static IReadOnlyDictionary<string, TargetState> TargetsOf(IReadOnlyList<StateMove> states) =>
        states.ToDictionary(
            state => state.From,
            state => new TargetState(state.To, state.Runs ? WorkflowStatus.Executing : WorkflowStatus.Waiting)
        );
}
