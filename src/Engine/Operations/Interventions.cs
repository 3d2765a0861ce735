using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>
/// What an operator does to existing workflows. Each operation is one transaction; who asked for it is in the history.
/// Thread-safe; one for the process.
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
    /// Moves a workflow to a state, whatever it is doing; a step that runs is dropped. Out of a Manual state that declares targets it goes
    /// to those only, unless the move is forced.
    /// </summary>
    /// <exception cref="RejectedRequestException">
    /// The definition does not have the state or does not declare the move, or a variable cannot be set; nothing is stored.
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

    /// <summary>Sets and removes variables, all or none. A step that runs is dropped and runs again with the new values.</summary>
    /// <returns>A conflict when a variable is not as it was expected to be.</returns>
    /// <exception cref="RejectedRequestException">
    /// A name is empty, a value is no JSON, or the variables become too large; nothing is stored.
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
    /// Cancels a workflow: it ends as CANCELLED, or goes to the state that its definition names for that. A step that runs is asked to
    /// stop, and nothing of it is written. A second cancel ends one that cleans up. Once the workflow itself is cancelled, the cancellation of
    /// its children cannot be called off; if the process dies meanwhile, the same request cancels those that are left.
    /// </summary>
    /// <returns>A conflict when it is final already and no child was left to cancel.</returns>
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
    /// Pauses a workflow until it is resumed. A step that runs ends first, and its result is written. Wakes are kept. One that is paused
    /// already stays so.
    /// </summary>
    /// <returns>A conflict when it is final.</returns>
    public Task<OperationResult> PauseAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        events.ApplyAsync(workflowId, new Paused(actor), cancellation);

    /// <summary>Resumes a paused workflow where it was. If it became due meanwhile, or was woken, it runs at once.</summary>
    /// <returns>A conflict when it is not paused.</returns>
    public Task<OperationResult> ResumeAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        ApplyInStateAsync(workflowId, current => new Resumed(current, actor), cancellation);

    /// <summary>
    /// Makes the next attempt now: of a workflow that waits for it, or that has failed. One that has failed has all its retries again.
    /// </summary>
    /// <returns>A conflict when it neither waits for an attempt nor has failed in a state that runs.</returns>
    public Task<OperationResult> RetryAsync(long workflowId, string actor, CancellationToken cancellation = default) =>
        ApplyInStateAsync(workflowId, current => new Retried(current, actor), cancellation);

    /// <summary>
    /// Runs a workflow again from a state of its version, whatever it is doing or has ended as. The step key is a new one, so that calls
    /// to the outside are made again.
    /// </summary>
    /// <exception cref="RejectedRequestException">
    /// The definition has no such state, or it has no function, or a variable cannot be set; nothing is stored.
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

    /// <summary>Changes the priority or the executor group of an unfinished workflow. A running step is not disturbed.</summary>
    /// <returns>A conflict when it is final.</returns>
    /// <exception cref="RejectedRequestException">A field is faulty, or there is nothing to change; nothing is stored.</exception>
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

    /// <summary>Deletes a final workflow with its variables and history. Its children stay.</summary>
    /// <returns>A conflict when it is not final.</returns>
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

    /// <summary>For events that have to know the state that the workflow is in. When it has moved on meanwhile, it is read again.</summary>
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
