using System.Text;
using GopherFlow.Definitions;

namespace GopherFlow.Testing.Running;

/// <summary>
/// A definition as text, with one line per state in the order of declaration. Visited states are marked with a star, the current state
/// with an arrow.
/// </summary>
internal static class DiagramText
{
    public static string Of(
        WorkflowDefinition definition,
        IReadOnlyList<FlowVisit> visits,
        string? current,
        string? note
    )
    {
        var name = definition.States.Max(state => state.Name.Length);
        var kind = definition.States.Max(state => KindOf(state).Length);
        var text = new StringBuilder();
        foreach (var state in definition.States)
        {
            var times = visits.Count(visit => visit.State == state.Name);
            var line = new StringBuilder()
                .Append(
                    state.Name == current ? "  > "
                    : times > 0 ? "  * "
                    : "    "
                )
                .Append(state.Name.PadRight(name))
                .Append("  ")
                .Append(KindOf(state).PadRight(kind))
                .Append(state.GoesTo.Count > 0 ? $"  -> {string.Join(", ", state.GoesTo)}" : "")
                .Append(state.CompensatedBy is { } undo ? $"  (undone by {undo})" : "")
                .Append(times > 1 ? $"  ({times} times)" : "")
                .Append(state.Name == current && note is not null ? $"  <- {note}" : "");
            text.AppendLine(line.ToString().TrimEnd());
        }

        return text.ToString().TrimEnd();
    }

    private static string KindOf(StateDefinition state) =>
        state.Type == StateType.Normal ? "" : state.Type.ToString().ToLowerInvariant();
}
