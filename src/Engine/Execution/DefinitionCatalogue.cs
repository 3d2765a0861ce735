using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>A definition without functions, which may run in this process or on another executor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="InitialState">The name of the Start state.</param>
/// <param name="States">Its states, without functions.</param>
/// <param name="CancelState">The state to which a cancelled workflow goes to clean up, or null.</param>
public sealed record WorkflowDefinitionOutline(
    string Name,
    string Version,
    string InitialState,
    IReadOnlyList<StateDefinition> States,
    string? CancelState = null
)
{
    /// <summary>What the history stores about variables.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>The limits of the whole type.</summary>
    public IReadOnlyList<WorkflowLimit> Limits { get; init; } = [];

    /// <summary>The webhooks to call when a workflow has ended.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];

    /// <summary>The limits that apply to the Start state, or null.</summary>
    internal StateLimit? InitialLimit => StateOf(InitialState)?.Limit;

    /// <summary>Finds a state by its name. The match is case-sensitive.</summary>
    public StateDefinition? StateOf(string name) => States.FirstOrDefault(state => state.Name == name);
}

/// <summary>
/// Finds definitions: those of this process in memory, and those of other executors and older versions in the store, cached for three
/// seconds.
/// </summary>
/// <param name="registry">The definitions of this process.</param>
/// <param name="store">The store, which has the definitions that other executors have saved.</param>
/// <param name="process">Measures the age of cache entries.</param>
/// <param name="variablesJson">The serializer options for variables; null for the default.</param>
public sealed class DefinitionCatalogue(
    DefinitionRegistry registry,
    IWorkflowStore store,
    TimeProvider process,
    JsonSerializerOptions? variablesJson = null
)
{
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (long Asked, WorkflowDefinitionOutline Outline)> newest = new();
    private readonly ConcurrentDictionary<DefinitionKey, SavedOutline> saved = new();

    /// <summary>The outlines of this process's definitions. Each is garbage-collected together with its definition.</summary>
    private readonly ConditionalWeakTable<WorkflowDefinition, WorkflowDefinitionOutline> own = new();

    /// <summary>The serializer options for variables in this application.</summary>
    internal JsonSerializerOptions Serialization => variablesJson ?? Variables.DefaultSerialization;

    /// <summary>Whether an operator has disabled a definition. Its workflows cannot be started then.</summary>
    public bool IsDisabled(string name) => registry.IsDisabled(name);

    /// <summary>
    /// Validates the variables of a new workflow. Returns null if they are valid, or if this process does not run the definition.
    /// </summary>
    public async ValueTask<ContractFault?> InputFaultOfAsync(
        string name,
        string stateVars,
        CancellationToken cancellation
    )
    {
        if (!registry.TryFind(name, out var definition) || !definition.ChecksInput)
        {
            return null;
        }

        if (definition.InputContract is { } contract)
        {
            return contract.FaultOf(stateVars, variablesJson);
        }

        try
        {
            using var use = await registry.OpenAsync(new DefinitionKey(name, definition.Version), cancellation);
            return use.Definition.InputContract?.FaultOf(stateVars, variablesJson);
        }
        catch (DefinitionUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Whether any state of this process takes a typed payload from the signal.</summary>
    internal bool ChecksSignal(string name) => registry.SignalNames.Contains(name);

    /// <summary>
    /// Validates the payload of a signal for a workflow. Returns null if it is valid for any state that takes it, or if this process does
    /// not run the definition.
    /// </summary>
    internal ContractFault? PayloadFaultOf(DefinitionKey definition, string signal, string payload)
    {
        ContractFault? first = null;
        foreach (var contract in registry.PayloadsOf(definition, signal))
        {
            if (contract.FaultOf(payload, variablesJson) is not { } fault)
            {
                return null;
            }

            first ??= fault;
        }

        return first;
    }

    /// <summary>The version on which a new workflow starts, or null if this process does not run the definition.</summary>
    internal DefinitionKey? NewestHere(string name) =>
        registry.TryFind(name, out var definition) ? new(name, definition.Version) : null;

    /// <summary>Finds the newest version of a definition. Returns null if there is no definition of that name.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(string name, CancellationToken cancellation)
    {
        if (registry.TryFind(name, out var definition))
        {
            return OutlineOf(definition);
        }

        if (newest.TryGetValue(name, out var known) && IsFresh(known.Asked))
        {
            return known.Outline;
        }

        var asked = process.GetTimestamp();
        if (await store.FindDefinitionAsync(name, cancellation) is not { } record)
        {
            return null;
        }

        var outline = OutlineOf(record, asked);
        newest[name] = (asked, outline);
        return outline;
    }

    /// <summary>Finds one version of a definition. Returns null if it has never been saved.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(DefinitionKey key, CancellationToken cancellation)
    {
        if (registry.TryFind(key.Name, out var definition) && definition.Version == key.Version)
        {
            return OutlineOf(definition);
        }

        if (saved.TryGetValue(key, out var known) && IsFresh(known.Asked))
        {
            return known.Outline;
        }

        var asked = process.GetTimestamp();
        var versions = await store.DefinitionVersionsAsync(key.Name, cancellation);
        return versions.FirstOrDefault(record => record.Version == key.Version) is { } version
            ? OutlineOf(version, asked)
            : null;
    }

    private bool IsFresh(long asked) => process.GetElapsedTime(asked) < CacheDuration;

    /// <summary>
    /// The outline of a definition of this process. It has no functions, so it does not keep an unloaded definition in memory.
    /// </summary>
    private WorkflowDefinitionOutline OutlineOf(WorkflowDefinition definition) =>
        own.GetValue(
            definition,
            static definition =>
                new(
                    definition.Name,
                    definition.Version,
                    definition.InitialState,
                    [
                        .. definition.States.Select(state => new StateDefinition(
                            state.Name,
                            state.Type,
                            [.. state.GoesTo]
                        )
                        {
                            Signal = state.Signal is { } signal ? new(signal.Name) : null,
                            Limits = state.Limits,
                            LimitsOfType = definition.Limits,
                        }),
                    ],
                    definition.CancelState
                )
                {
                    Tracing = definition.Tracing,
                    Limits = definition.Limits,
                    Webhooks = definition.Webhooks,
                }
        );

    /// <summary>
    /// The outline of a saved definition. It is parsed again if its shape has changed: limits, webhooks and secrets may change within a
    /// version.
    /// </summary>
    private WorkflowDefinitionOutline OutlineOf(DefinitionRecord record, long asked)
    {
        var key = new DefinitionKey(record.Name, record.Version);
        var outline =
            saved.TryGetValue(key, out var known) && known.Shape == record.Shape ? known.Outline : Parse(record);
        saved[key] = new(asked, record.Shape, outline);
        return outline;
    }

    private static WorkflowDefinitionOutline Parse(DefinitionRecord record)
    {
        var shape = DefinitionShape.Parse(record.Shape);
        StateDefinition[] states =
        [
            .. shape.States.Select(state => new StateDefinition(
                state.Name,
                Enum.Parse<StateType>(state.Type),
                state.GoesTo
            )
            {
                Signal = state.Signal is { } signal ? new(signal) : null,
                Limits = LimitShape.LimitsOf(state.Limits),
                LimitsOfType = LimitShape.LimitsOf(shape.Limits),
            }),
        ];
        return new(record.Name, record.Version, shape.InitialState, states, shape.CancelState)
        {
            Tracing = shape.Tracing ?? VariableTracing.Default,
            Limits = LimitShape.LimitsOf(shape.Limits),
            Webhooks = WebhookShape.WebhooksOf(shape.Webhooks),
        };
    }

    /// <summary>A cached outline, its stored shape, and when it was read.</summary>
    private sealed record SavedOutline(long Asked, string Shape, WorkflowDefinitionOutline Outline);
}
