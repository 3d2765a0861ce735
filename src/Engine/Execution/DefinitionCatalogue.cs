using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>What is known of a definition that may run here or on another executor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Which version.</param>
/// <param name="InitialState">Where a workflow starts.</param>
/// <param name="States">Its states, without functions.</param>
/// <param name="CancelState">Where a cancelled workflow goes to clean up, or null.</param>
public sealed record WorkflowDefinitionOutline(
    string Name,
    string Version,
    string InitialState,
    IReadOnlyList<StateDefinition> States,
    string? CancelState = null
)
{
    /// <summary>What the history keeps of the variables.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>How many of its workflows may run at once, or begin within a span.</summary>
    public IReadOnlyList<WorkflowLimit> Limits { get; init; } = [];

    /// <summary>The webhooks to call when one of its workflows has ended.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];

    /// <summary>The states to which nothing but the clean-up after a cancel leads.</summary>
    internal IReadOnlyList<string> CleanUpStates { get; init; } = [];

    /// <summary>What limits hold for the state in which a workflow starts.</summary>
    internal StateLimit? InitialLimit => StateOf(InitialState)?.Limit;

    /// <summary>The state of that name, compared exactly, or null.</summary>
    public StateDefinition? StateOf(string name) => States.FirstOrDefault(state => state.Name == name);
}

/// <summary>
/// Finds definitions: those of this process at once, those that another executor has saved, and older versions, by asking the store.
/// </summary>
/// <param name="registry">Those of this process.</param>
/// <param name="store">Has the others.</param>
/// <param name="process">Counts how long an answer of the store is believed.</param>
/// <param name="variablesJson">How values become JSON; null is the usual way.</param>
public sealed class DefinitionCatalogue(
    DefinitionRegistry registry,
    IWorkflowStore store,
    TimeProvider process,
    JsonSerializerOptions? variablesJson = null
)
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (long Asked, WorkflowDefinitionOutline Outline)> newest = new();
    private readonly ConcurrentDictionary<DefinitionKey, SavedOutline> saved = new();

    /// <summary>An outline is let go of with its definition.</summary>
    private readonly ConditionalWeakTable<WorkflowDefinition, WorkflowDefinitionOutline> own = new();

    /// <summary>How values become JSON in this application.</summary>
    internal JsonSerializerOptions Serialization => variablesJson ?? Variables.DefaultSerialization;

    /// <summary>Whether an operator has disabled a definition, so that none of its workflows can be started.</summary>
    public bool IsDisabled(string name) => registry.IsDisabled(name);

    /// <summary>
    /// What is wrong with the variables of a new workflow; null when nothing is, or when this process does not run the definition.
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

    /// <summary>Whether a state that this process runs takes the payload of a signal as a type.</summary>
    internal bool ChecksSignal(string name) => registry.SignalNames.Contains(name);

    /// <summary>What is wrong with the payload of a signal for a workflow; null when nothing is, or when this process does not run it.</summary>
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

    /// <summary>The version on which a new workflow starts, or null when this process does not run the definition.</summary>
    internal DefinitionKey? NewestHere(string name) =>
        registry.TryFind(name, out var definition) ? new(name, definition.Version) : null;

    /// <summary>The newest version, or null when there is no definition of that name.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(string name, CancellationToken cancellation)
    {
        if (registry.TryFind(name, out var definition))
        {
            return OutlineOf(definition);
        }

        if (newest.TryGetValue(name, out var known) && IsBelieved(known.Asked))
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

    /// <summary>One version, or null when there never was one.</summary>
    public async ValueTask<WorkflowDefinitionOutline?> FindAsync(DefinitionKey key, CancellationToken cancellation)
    {
        if (registry.TryFind(key.Name, out var definition) && definition.Version == key.Version)
        {
            return OutlineOf(definition);
        }

        if (saved.TryGetValue(key, out var known) && IsBelieved(known.Asked))
        {
            return known.Outline;
        }

        var asked = process.GetTimestamp();
        var versions = await store.DefinitionVersionsAsync(key.Name, cancellation);
        return versions.FirstOrDefault(record => record.Version == key.Version) is { } version
            ? OutlineOf(version, asked)
            : null;
    }

    private bool IsBelieved(long asked) => process.GetElapsedTime(asked) < Believed;

    /// <summary>Kept without functions, so that a definition that is unloaded is not held on to.</summary>
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
                            CompensatedBy = state.CompensatedBy,
                        }),
                    ],
                    definition.CancelState
                )
                {
                    Tracing = definition.Tracing,
                    Limits = definition.Limits,
                    Webhooks = definition.Webhooks,
                    CleanUpStates = CleanUp.StatesOf(
                        definition.States,
                        definition.CancelState,
                        definition.FailureState
                    ),
                }
        );

    /// <summary>The shape of a version may change: limits, webhooks and secrets do not make another version.</summary>
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
                CompensatedBy = state.CompensatedBy,
            }),
        ];
        return new(record.Name, record.Version, shape.InitialState, states, shape.CancelState)
        {
            Tracing = shape.Tracing ?? VariableTracing.Default,
            Limits = LimitShape.LimitsOf(shape.Limits),
            Webhooks = WebhookShape.WebhooksOf(shape.Webhooks),
            CleanUpStates = CleanUp.StatesOf(states, shape.CancelState, shape.FailureState),
        };
    }

    /// <summary>What the store said of a version, and when it was asked.</summary>
    private sealed record SavedOutline(long Asked, string Shape, WorkflowDefinitionOutline Outline);
}
