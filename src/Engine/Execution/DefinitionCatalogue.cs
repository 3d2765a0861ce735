using System.Collections.Concurrent;
using GopherFlow.Definitions;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>What is known of a definition that may run here or on another executor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Which version.</param>
/// <param name="InitialState">Where a workflow starts.</param>
/// <param name="States">Its states, without functions.</param>
public sealed record WorkflowDefinitionOutline(
    string Name,
    string Version,
    string InitialState,
    IReadOnlyList<StateDefinition> States
)
{
    /// <summary>The state of that name, compared exactly, or null.</summary>
    public StateDefinition? StateOf(string name) => States.FirstOrDefault(state => state.Name == name);
}

/// <summary>
/// Finds definitions: those of this process at once, those that another executor has saved, and older versions, by asking the store.
/// </summary>
public sealed class DefinitionCatalogue(DefinitionRegistry registry, IWorkflowStore store)
{
    private readonly ConcurrentDictionary<DefinitionKey, WorkflowDefinitionOutline> known = new();

    /// <summary>Whether an operator has disabled a definition, so that none of its workflows can be started.</summary>
    public bool IsDisabled(string name) => registry.IsDisabled(name);

    /// <summary>The newest version, or null when nobody has a definition of that name.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(string name, CancellationToken cancellation)
    {
        if (registry.TryFind(name, out var definition))
        {
            return OutlineOf(definition);
        }

        return await store.FindDefinitionAsync(name, cancellation) is { } newest ? OutlineOf(newest) : null;
    }

    /// <summary>One version, or null when nobody ever had it.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(DefinitionKey key, CancellationToken cancellation)
    {
        if (registry.TryFind(key.Name, out var definition) && definition.Version == key.Version)
        {
            return OutlineOf(definition);
        }

        if (known.TryGetValue(key, out var outline))
        {
            return outline;
        }

        var saved = await store.DefinitionVersionsAsync(key.Name, cancellation);
        return saved.FirstOrDefault(record => record.Version == key.Version) is { } version ? OutlineOf(version) : null;
    }

    /// <summary>Kept without functions, so that a definition that is unloaded is not held on to.</summary>
    private WorkflowDefinitionOutline OutlineOf(WorkflowDefinition definition) =>
        known.GetOrAdd(
            new(definition.Name, definition.Version),
            static (key, definition) =>
                new(
                    key.Name,
                    key.Version,
                    definition.InitialState,
                    [
                        .. definition.States.Select(state => new StateDefinition(
                            state.Name,
                            state.Type,
                            [.. state.GoesTo]
                        )),
                    ]
                ),
            definition
        );

    private WorkflowDefinitionOutline OutlineOf(DefinitionRecord record) =>
        known.GetOrAdd(
            new(record.Name, record.Version),
            static (key, record) =>
            {
                var shape = DefinitionShape.Parse(record.Shape);
                return new(
                    key.Name,
                    key.Version,
                    shape.InitialState,
                    [
                        .. shape.States.Select(state => new StateDefinition(
                            state.Name,
                            Enum.Parse<StateType>(state.Type),
                            state.GoesTo
                        )),
                    ]
                );
            },
            record
        );
}
