using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>Makes the events of interventions from what is known of a workflow and its definition.</summary>
internal static class InterventionEvents
{
    /// <summary>The state that it is in. One that its definition no longer has runs, too: it fails with words that say so.</summary>
    public static TargetState CurrentOf(WorkflowRecord workflow, WorkflowDefinitionOutline? definition) =>
        definition?.StateOf(workflow.State) is { } state
            ? StepPlanner.TargetOf(state)
            : new TargetState(workflow.State, WorkflowStatus.Executing);

    /// <summary>Whether a person may not take a workflow from one state to the other, unless it is forced.</summary>
    public static bool IsClosedTo(StateDefinition from, StateDefinition target) =>
        from is { Type: StateType.Manual, GoesTo.Count: > 0 } && !from.GoesTo.Contains(target.Name);

    /// <summary>A move by hand to a state of the definition.</summary>
    public static StateChanged Move(
        WorkflowRecord workflow,
        WorkflowDefinitionOutline definition,
        StateDefinition target,
        bool force,
        string actor
    ) =>
        new(StepPlanner.TargetOf(target), actor)
        {
            NotFromStates = force
                ? []
                : [.. definition.States.Where(state => IsClosedTo(state, target)).Select(state => state.Name)],
            Webhooks = definition.Webhooks,
            IsForced = force && definition.StateOf(workflow.State) is { } left && IsClosedTo(left, target),
        };

    /// <summary>A move from one version to another. A state without a target that continues stays where it is.</summary>
    public static VersionMoved MoveVersion(
        WorkflowDefinitionOutline from,
        WorkflowDefinitionOutline to,
        IReadOnlyDictionary<string, string> states,
        string actor
    ) =>
        new(
            from.Version,
            to.Version,
            from.States.Select(state =>
                    (state.Name, Next: to.StateOf(states.GetValueOrDefault(state.Name, state.Name)))
                )
                .Where(pair => pair.Next is { IsFinal: false })
                .ToDictionary(pair => pair.Name, pair => StepPlanner.TargetOf(pair.Next!)),
            actor
        );
}
