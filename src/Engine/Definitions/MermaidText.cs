using System.Text;
using System.Text.RegularExpressions;

namespace GopherFlow.Definitions;

/// <summary>
/// Renders a definition as a Mermaid flow chart, with the node classes and colours of the Go system. The output is deterministic: states
/// and transitions appear in the order in which they were declared.
/// </summary>
public static partial class MermaidText
{
    private static readonly string[] ClassLines =
    [
        "    classDef errorClass fill:#FF6B6B,stroke:#C53030,stroke-width:2px,color:#fff,stroke-dasharray:4 2,rx:10,ry:10;",
        "    classDef doneClass fill:#4ECDC4,stroke:#1F9C8C,stroke-width:2px,color:#fff,stroke-dasharray:4 2,rx:10,ry:10;",
        "    classDef startClass fill:#5568FE,stroke:#3346FF,stroke-width:2px,color:#fff,stroke-dasharray:4 2,rx:10,ry:10;",
        "    classDef manualClass fill:#FFD93D,stroke:#E6C200,stroke-width:2px,color:#333,stroke-dasharray:4 2,rx:10,ry:10;",
        "    classDef normalClass fill:#F0F4F8,stroke:#B0C4DE,stroke-width:1px,color:#333,rx:10,ry:10;",
    ];

    /// <summary>Keywords that Mermaid does not accept as the id of a node.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "end",
        "subgraph",
        "graph",
        "flowchart",
        "class",
        "classDef",
        "style",
        "linkStyle",
        "click",
        "default",
        "direction",
        "call",
        "href",
    };

    /// <summary>The text of the flow chart. Lines end with a line feed.</summary>
    public static string Of(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var ids = NodeIds(definition);
        var text = new StringBuilder("flowchart TD\n");
        foreach (var state in definition.States.Where(state => ids[state.Name] != state.Name))
        {
            text.Append("    ").Append(ids[state.Name]).Append("[\"").Append(Escaped(state.Name)).Append("\"]\n");
        }

        foreach (var state in definition.States)
        {
            foreach (var target in state.GoesTo.Where(ids.ContainsKey))
            {
                text.Append("    ").Append(ids[state.Name]).Append(" --> ").Append(ids[target]).Append('\n');
            }

            if (state.CompensatedBy is { } undo && ids.TryGetValue(undo, out var compensation))
            {
                text.Append("    ").Append(ids[state.Name]).Append(" -.-> ").Append(compensation).Append('\n');
            }
        }

        text.AppendJoin('\n', ClassLines).Append('\n');
        foreach (var state in definition.States)
        {
            text.Append("    class ").Append(ids[state.Name]).Append(' ').Append(ClassOf(state)).Append(";\n");
        }

        return text.ToString();
    }

    /// <summary>A plain name is used as the id. Other states get an id with their index, and their name as a label.</summary>
    private static Dictionary<string, string> NodeIds(WorkflowDefinition definition)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (state, index) in definition.States.Select((state, index) => (state, index)))
        {
            var plain = PlainId().IsMatch(state.Name) && !Reserved.Contains(state.Name);
            ids.TryAdd(state.Name, plain ? state.Name : $"state-{index}");
        }

        return ids;
    }

    private static string Escaped(string name) => name.Replace("#", "#35;").Replace("\"", "#quot;");

    private static string ClassOf(StateDefinition state) =>
        state.Type switch
        {
            _ when state.Signal is not null => "manualClass",
            StateType.Error => "errorClass",
            StateType.End => "doneClass",
            StateType.Start => "startClass",
            StateType.Manual => "manualClass",
            _ => "normalClass",
        };

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex PlainId();
}
