using System.Text;
using GopherFlow.Client;

namespace GopherFlow.Tool.Output;

/// <summary>A definition as lines of text, one for each state. Visited states have a star, and the current state has an arrow.</summary>
internal static class Diagram
{
    public static string Of(Definition definition, WorkflowPath? path)
    {
        var name = definition.States.Max(state => state.Name.Length);
        var type = definition.States.Max(state => TypeOf(state).Length);
        var text = new StringBuilder();
        foreach (var state in definition.States)
        {
            var visits = path?.States.FirstOrDefault(visited => visited.State == state.Name);
            var targets = state.GoesTo.Count > 0 ? $"  -> {string.Join(", ", state.GoesTo)}" : "";
            var undo = state.CompensatedBy is { } by ? $"  (undone by {by})" : "";
            text.AppendLine(
                $"  {MarkOf(state, path, visits)} {state.Name.PadRight(name)}  {TypeOf(state).PadRight(type)}{targets}{undo}{NoteOf(visits)}".TrimEnd()
            );
        }

        return text.ToString().TrimEnd('\r', '\n');
    }

    private static char MarkOf(State state, WorkflowPath? path, StateVisits? visits) =>
        path?.State == state.Name ? '>'
        : visits is { Visits: > 0 } ? '*'
        : ' ';

    private static string NoteOf(StateVisits? visits) =>
        visits switch
        {
            { FailedAttempts: > 0 } => $"  ({visits.Visits}x, {visits.FailedAttempts} failed)",
            { Visits: > 1 } => $"  ({visits.Visits}x)",
            _ => "",
        };

    private static string TypeOf(State state) =>
        state.Type.Equals("normal", StringComparison.OrdinalIgnoreCase) ? "" : state.Type.ToLowerInvariant();
}
