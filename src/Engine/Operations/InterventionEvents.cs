using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>Creates the events of interventions from a workflow and its definition.</summary>
internal static class InterventionEvents
{
    /// <summary>
    /// The current state of a workflow. A state that no longer exists in the definition is treated as one that runs, so the workflow fails
    /// with an error that names it.
    /// </summary>
    public static TargetState CurrentOf(WorkflowRecord workflow, WorkflowDefinitionOutline? definition) =>
        definition?.StateOf(workflow.State) is { } state
            ? StepPlanner.TargetOf(state)
            : new TargetState(workflow.State, WorkflowStatus.Executing);

    /// <summary>Whether a person may move a workflow from one state to the other only by force.</summary>
    public static bool IsClosedTo(StateDefinition from, StateDefinition target) =>
        from is { Type: StateType.Manual, GoesTo.Count: > 0 } && !from.GoesTo.Contains(target.Name);

    /// <summary>The event for a move by hand to a state of the definition.</summary>
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
            DeclaredBy =
            [
                .. definition.States.Where(state => state.GoesTo.Contains(target.Name)).Select(state => state.Name),
            ],
            Webhooks = definition.Webhooks,
            IsForced = force && definition.StateOf(workflow.State) is { } left && IsClosedTo(left, target),
        };

    /// <summary>
    /// The event for a move from one version to another. Workflows in a state that maps to no state or to a final state of the new version
    /// stay on the old version.
    /// </summary>
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
