using System.Collections.Frozen;
using GopherFlow.Persistence;

namespace GopherFlow.Definitions;

/// <summary>What is known of a definition that may run here or on another executor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="InitialState">Where a workflow starts.</param>
/// <param name="States">Its states; without functions when it runs elsewhere.</param>
public sealed record WorkflowDefinitionOutline(
    string Name,
    string Version,
    string InitialState,
    IReadOnlyList<StateDefinition> States
);

/// <summary>
/// Finds definitions by name: those of this process at once, those that another executor has saved by asking the store.
/// </summary>
internal sealed class DefinitionCatalogue(DefinitionRegistry registry, IWorkflowStore store)
{
    private readonly FrozenDictionary<string, WorkflowDefinitionOutline> here = registry
        .All.Select(OutlineOf)
        .ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>The definition, or null when nobody has one of that name.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(string name, CancellationToken cancellation)
    {
        if (here.TryGetValue(name, out var outline))
        {
            return outline;
        }

        var saved = await store.DefinitionsAsync(cancellation);
        return saved.FirstOrDefault(definition => definition.Name == name) is { } record ? OutlineOf(record) : null;
    }

    private static WorkflowDefinitionOutline OutlineOf(WorkflowDefinition definition) =>
        new(definition.Name, definition.Version, definition.InitialState, definition.States);

    private static WorkflowDefinitionOutline OutlineOf(DefinitionRecord record)
    {
        var shape = DefinitionShape.Parse(record.Shape);
        return new(
            record.Name,
            record.Version,
            shape.InitialState,
            [
                .. shape.States.Select(state => new StateDefinition(
                    state.Name,
                    Enum.Parse<StateType>(state.Type),
                    state.GoesTo
                )),
            ]
        );
    }
}
