using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>
/// The operations of an operator on existing workflows. Each operation is one transaction, and the history records who requested it.
/// Thread-safe; one instance per process.
/// </summary>
public sealed class Interventions
{
    private readonly IWorkflowStore store;
    private readonly Executor executor;
    private readonly DefinitionCatalogue catalogue;
    private readonly EventWriter events;
    private readonly FamilyCancel family;

    internal Interventions(IWorkflowStore store, Executor executor, DefinitionCatalogue catalogue, TimeProvider clock)
    {
        this.store = store;
        this.executor = executor;
        this.catalogue = catalogue;
        events = new EventWriter(store, executor, clock);
        family = new FamilyCancel(store, catalogue, events);
    }

    /// <summary>
    /// Moves a workflow to a state, whatever it is doing. A running step is dropped. From a Manual state that declares targets, only those
    /// targets are allowed, unless the move is forced.
    /// </summary>
    /// <exception cref="RejectedRequestException">
    /// The definition does not have the state or does not allow the move, or a variable cannot be set. Nothing is stored.
    /// </exception>
    public async Task<OperationResult> MoveAsync(MoveWorkflow request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestFaults.Reject([.. RequestFaults.OfVariables(request.Variables)]);
        if (await FindAsync(request.WorkflowId, cancellation) is not (var workflow, var definition))
        {
            return OperationResult.NotFound;
        }

        var target = FindState(workflow, definition, request.State);
        var isMeant = request.FromStates.Count == 0 || request.FromStates.Contains(workflow.State);
        if (
            isMeant
            && !request.Force
            && definition!.StateOf(workflow.State) is { } current
            && InterventionEvents.IsClosedTo(current, target)
        )
        {
            throw new RejectedRequestException([
                new(
                    "state",
                    request.State,
                    $"a state that '{current.Name}' goes to: {string.Join(", ", current.GoesTo)}"
                ),
            ]);
        }

        return await events.ApplyAsync(
            request.WorkflowId,
            InterventionEvents.Move(workflow, definition!, target, request.Force, request.Actor) with
            {
                Due = request.NextActivation,
                FromStates = request.FromStates,
                Variables = Limited(request.Variables, definition),
            },
            cancellation
        );
    }

    /// <summary>Sets and removes variables, all or none. A running step is dropped and runs again with the new values.</summary>
    /// <returns>A conflict if a variable does not have its expected value.</returns>
    /// <exception cref="RejectedRequestException">
    /// A name is empty, a value is not valid JSON, or the variables become too large. Nothing is stored.
    /// </exception>
    public async Task<OperationResult> ChangeVariablesAsync(
        long workflowId,
        IReadOnlyList<VariableChange> changes,
        string actor,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(changes);
        RequestFaults.Reject([.. RequestFaults.OfVariables(changes)]);
        return await FindAsync(workflowId, cancellation) is (_, var definition)
            ? await events.ApplyAsync(
                workflowId,
                new VariablesChanged(Limited(changes, definition), actor),
                cancellation
            )
            : OperationResult.NotFound;
    }

    /// <summary>
    /// Cancels a workflow: it ends as CANCELLED, or goes to the clean-up state of its definition. A running step is asked to stop, and
    /// nothing of it is written. A second cancel ends a workflow that is cleaning up; children that are cleaning up are left alone. Once
    /// the workflow itself is cancelled, the cancellation token no longer stops the cancellation of its children. If the process dies
    /// meanwhile, repeat the request to cancel the remaining children.
    /// </summary>
    /// <returns>A conflict if the workflow is final and no child was left to cancel.</returns>
    public async Task<CancelResult> CancelAsync(CancelWorkflow request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await FindAsync(request.WorkflowId, cancellation) is not (_, var definition))
        {
            return new CancelResult(OperationResult.NotFound, 0);
        }

        var result = await events.ApplyAsync(
            request.WorkflowId,
            FamilyCancel.Of(definition, request.Actor),
            cancellation
        );
        if (!request.Children || result.Verdict == OperationVerdict.NotFound)
        {
            return new CancelResult(result, 0);
        }

        var descendants = await family.CancelBelowAsync(request.WorkflowId, request.Actor, CancellationToken.None);
        return new CancelResult(
            descendants > 0 ? result with { Verdict = OperationVerdict.Changed } : result,
            descendants
        );
    }

    /// <summary>
    /// Pauses a workflow until it is resumed. A running step ends first, and its result is written. Wakes are kept. A workflow that is
    /// already paused stays paused.
    /// </summary>
    /// <returns>A conflict if the workflow is final.</returns>
    public Task<OperationResult> PauseAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        events.ApplyAsync(workflowId, new Paused(actor), cancellation);

    /// <summary>Resumes a paused workflow in its current state. If it became due or was woken meanwhile, it runs immediately.</summary>
    /// <returns>A conflict if the workflow is not paused.</returns>
    public Task<OperationResult> ResumeAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        ApplyInStateAsync(workflowId, current => new Resumed(current, actor), cancellation);

    /// <summary>
    /// Retries a workflow immediately that waits for its next attempt or has failed. A failed workflow gets all its retries again.
    /// </summary>
    /// <returns>A conflict if the workflow neither waits for an attempt nor has failed in a state with a function.</returns>
    public Task<OperationResult> RetryAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        ApplyInStateAsync(workflowId, current => new Retried(current, actor), cancellation);

    /// <summary>
    /// Runs a workflow again from a state of its version, whatever its current status. The step gets a new key, so external calls are made
    /// again.
    /// </summary>
    /// <exception cref="RejectedRequestException">
    /// The state does not exist or has no function, or a variable cannot be set. Nothing is stored.
    /// </exception>
    public async Task<OperationResult> RunAgainAsync(RunWorkflowAgain request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestFaults.Reject([.. RequestFaults.OfVariables(request.Variables)]);
        if (await FindAsync(request.WorkflowId, cancellation) is not (var workflow, var definition))
        {
            return OperationResult.NotFound;
        }

        var state = FindState(workflow, definition, request.State ?? definition?.InitialState ?? workflow.State);
        if (!state.Runs)
        {
            var running = definition!.States.Where(known => known.Runs).Select(known => known.Name);
            throw new RejectedRequestException([
                new("state", state.Name, $"a state with a function: {string.Join(", ", running)}"),
            ]);
        }

        return await events.ApplyAsync(
            request.WorkflowId,
            new RunAgain(StepPlanner.TargetOf(state), request.Actor)
            {
                Variables = Limited(request.Variables, definition),
            },
            cancellation
        );
    }

    /// <summary>Changes the priority or the executor group of an unfinished workflow. A running step is not affected.</summary>
    /// <returns>A conflict if the workflow is final.</returns>
    /// <exception cref="RejectedRequestException">A field is invalid, or there is nothing to change. Nothing is stored.</exception>
    public async Task<OperationResult> PlaceAsync(PlaceWorkflow request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestFaults.Reject([
            .. request.Priority is { } priority ? RequestFaults.OfPriority(priority) : [],
            .. request.ExecutorGroup is { } group ? RequestFaults.OfText("executorGroup", group) : [],
            .. request is { Priority: null, ExecutorGroup: null }
                ? [new FieldFault("priority", null, "a priority or an executorGroup")]
                : Array.Empty<FieldFault>(),
        ]);
        return await events.ApplyAsync(
            request.WorkflowId,
            new Placed(request.Priority, request.ExecutorGroup, request.Actor),
            cancellation
        );
    }

    /// <summary>Deletes a final workflow with its variables and history. Its children are kept.</summary>
    /// <returns>A conflict if the workflow is not final.</returns>
    public Task<OperationResult> DeleteAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        events.ApplyAsync(workflowId, new Deleted(actor), cancellation);

    private VariableChanges Limited(IReadOnlyList<VariableChange> changes, WorkflowDefinitionOutline? definition) =>
        new(changes, executor.VariablesLimit.Bytes) { Tracing = definition?.Tracing ?? VariableTracing.Default };

    private static StateDefinition FindState(
        WorkflowRecord workflow,
        WorkflowDefinitionOutline? definition,
        string name
    ) =>
        definition?.StateOf(name)
        ?? throw new RejectedRequestException([
            new(
                "state",
                name,
                $"a state of {workflow.WorkflowType}: {string.Join(", ", (definition?.States ?? []).Select(state => state.Name))}"
            ),
        ]);

    /// <summary>
    /// Writes an event that depends on the current state. If the state has changed meanwhile, the workflow is read again.
    /// </summary>
    private async Task<OperationResult> ApplyInStateAsync(
        long workflowId,
        Func<TargetState, WorkflowEvent> eventIn,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            if (await FindAsync(workflowId, cancellation) is not (var workflow, var definition))
            {
                return OperationResult.NotFound;
            }

            var current = InterventionEvents.CurrentOf(workflow, definition);
            var outcome = (await events.WriteAsync([new(workflowId, eventIn(current))], cancellation))[0];
            if (outcome.Verdict != EventVerdict.WrongState)
            {
                return EventWriter.ResultOf(outcome);
            }
        }
    }

    private async Task<(WorkflowRecord Workflow, WorkflowDefinitionOutline? Definition)?> FindAsync(
        long workflowId,
        CancellationToken cancellation
    ) =>
        await store.FindAsync(workflowId, cancellation) is { } workflow
            ? (
                workflow,
                await catalogue.FindAsync(new DefinitionKey(workflow.WorkflowType, workflow.Version), cancellation)
            )
            : null;
}
