using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Storage;

/// <summary>A signal that was sent to a workflow.</summary>
/// <param name="Id">Its id in the store.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key that its sender gave it, or null.</param>
/// <param name="Payload">Its payload, as JSON text.</param>
/// <param name="Sent">When it was sent.</param>
public sealed record SignalRecord(long Id, string Name, string? Key, string Payload, DateTimeOffset Sent)
{
    /// <summary>When a step took it, or its workflow ended; null until then.</summary>
    public DateTimeOffset? Taken { get; init; }
}

/// <summary>A page of the unfinished workflows of a version of a definition.</summary>
/// <param name="Definition">The definition and its version.</param>
/// <param name="AfterId">Only workflows with a larger id: the last id of the previous page.</param>
/// <param name="Limit">The maximum number of workflows in the page.</param>
public sealed record UnfinishedSearch(DefinitionKey Definition, long AfterId, int Limit);

/// <summary>How many workflows there are of a type, version, state and status.</summary>
/// <param name="WorkflowType">The type.</param>
/// <param name="Version">The version.</param>
/// <param name="State">The state.</param>
/// <param name="Status">The status.</param>
/// <param name="Count">How many.</param>
public sealed record WorkflowCount(
    string WorkflowType,
    string Version,
    string State,
    WorkflowStatus Status,
    long Count
);

/// <summary>A definition as it is stored: what can be shown of it, not the code that runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Description">One sentence.</param>
/// <param name="FlowChart">Its diagram as Mermaid text.</param>
/// <param name="Shape">Its states as JSON, see <see cref="Definitions.DefinitionShape"/>.</param>
/// <param name="Created">When this version was first saved.</param>
/// <param name="Updated">When it was last saved.</param>
public sealed record DefinitionRecord(
    string Name,
    string Version,
    string Description,
    string FlowChart,
    string Shape,
    DateTimeOffset Created,
    DateTimeOffset Updated
)
{
    /// <summary>The record of a definition.</summary>
    public static DefinitionRecord Of(WorkflowDefinition definition, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(
            definition.Name,
            definition.Version,
            definition.Description,
            MermaidText.Of(definition),
            DefinitionShape.Of(definition).ToJson(),
            now,
            now
        );
    }
}
