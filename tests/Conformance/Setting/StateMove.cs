namespace GopherFlow.Conformance.Setting;

/// <summary>Maps a state to one of another version.</summary>
/// <param name="From">The state in the old version.</param>
/// <param name="To">The state in the new version.</param>
/// <param name="Runs">Whether the new state has a function; otherwise it is a manual state.</param>
public sealed record StateMove(string From, string To, bool Runs)
{
    public static IReadOnlyDictionary<string, TargetState> TargetsOf(IReadOnlyList<StateMove> states) =>
        states.ToDictionary(
            state => state.From,
            state => new TargetState(state.To, state.Runs ? WorkflowStatus.Executing : WorkflowStatus.Waiting)
        );
}
