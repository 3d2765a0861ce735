using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>Determines what a job does to each workflow: the same event as the operation on a single one.</summary>
internal sealed class JobSteps(DefinitionCatalogue catalogue, VariablesLimit variables, int signalsLimit)
{
    /// <summary>
    /// Reads the definitions for a page in advance, so that each of its workflows can be decided while its row is locked.
    /// </summary>
    public async Task<Func<WorkflowRecord, JobStep>> ForAsync(
        Job job,
        IReadOnlyList<FilteredWorkflow> page,
        CancellationToken cancellation
    )
    {
        var definitions = new Dictionary<DefinitionKey, WorkflowDefinitionOutline?>();
        foreach (
            var key in page.Select(workflow => new DefinitionKey(workflow.WorkflowType, workflow.Version)).Distinct()
        )
        {
            definitions[key] = await catalogue.FindAsync(key, cancellation);
        }

        var to = job.Operation is JobOperation.MoveVersion move
            ? await catalogue.FindAsync(new DefinitionKey(job.Filter.WorkflowTypes[0], move.To), cancellation)
            : null;
        return workflow =>
            definitions.TryGetValue(new DefinitionKey(workflow.WorkflowType, workflow.Version), out var definition)
                ? StepOf(job.Operation, workflow, definition, to, ActorOf(job))
                : new JobStep.ReadAgain();
    }

    /// <summary>The reason why the rule has refused the operation, as readable text.</summary>
    public static string ReasonOf(JobOperation operation, EventOutcome outcome) =>
        (operation, outcome) switch
        {
            (_, { Reason: InvalidVariableException fault }) => $"value: expected {fault.Expected}.",
            (_, { Workflow: null }) => "It is gone.",
            (JobOperation.Signal, { Workflow: var now }) when !now.Status.IsFinal() =>
                "It already keeps the maximum number of signals.",
            (JobOperation.Retry, { Workflow: var now }) =>
                $"It is {now.Status.ToName()} in '{now.State}': it has not failed in a state with a function, and does not wait for an attempt.",
            (JobOperation.MoveVersion, { Workflow: var now }) =>
                $"It is in '{now.State}', which does not map to a non-final state of the new version.",
            (JobOperation.ChangeState or JobOperation.ChangeVariables or JobOperation.RunAgain, _) =>
                "A variable does not have its expected value.",
            (_, { Workflow: var now }) => $"It is {now.Status.ToName()} in '{now.State}'.",
        };

    private static string ActorOf(Job job) => $"job:{job.Id}";

    private JobStep StepOf(
        JobOperation operation,
        WorkflowRecord workflow,
        WorkflowDefinitionOutline? definition,
        WorkflowDefinitionOutline? to,
        string actor
    ) =>
        operation switch
        {
            JobOperation.Cancel when workflow.IsCleaningUp => new JobStep.Skip(),
            JobOperation.Cancel => Apply(FamilyCancel.Of(definition, actor)),
            JobOperation.Pause => Apply(new Paused(actor)),
            JobOperation.Resume => Apply(new Resumed(InterventionEvents.CurrentOf(workflow, definition), actor)),
            JobOperation.Retry => Apply(new Retried(InterventionEvents.CurrentOf(workflow, definition), actor)),
            JobOperation.RunAgain again => RunAgain(again, workflow, definition, actor),
            JobOperation.ChangeState change => ChangeState(change, workflow, definition, actor),
            JobOperation.ChangeVariables change => Apply(
                new VariablesChanged(Limited(change.Changes, definition), actor)
            ),
            JobOperation.MoveVersion move => MoveVersion(move, workflow, definition, to, actor),
            JobOperation.Place place => Apply(new Placed(place.Priority, place.ExecutorGroup, actor)),
            JobOperation.Delete => Apply(new Deleted(actor)),
            JobOperation.Signal signal => Signal(signal, workflow, actor),
            _ => throw new ArgumentException($"A job cannot do {operation.GetType().Name}.", nameof(operation)),
        };

    private JobStep Signal(JobOperation.Signal signal, WorkflowRecord workflow, string actor)
    {
        var definition = new DefinitionKey(workflow.WorkflowType, workflow.Version);
        return catalogue.PayloadFaultOf(definition, signal.Name, signal.Payload) is { } fault
            ? new JobStep.Refuse($"The payload does not fit at '${fault.Path}'; expected {fault.Expected}")
            : Apply(
                new Signalled(new NewSignal(signal.Name, signal.Key, signal.Payload), actor)
                {
                    KeptLimit = signalsLimit,
                }
            );
    }

    private JobStep RunAgain(
        JobOperation.RunAgain again,
        WorkflowRecord workflow,
        WorkflowDefinitionOutline? definition,
        string actor
    )
    {
        var name = again.State ?? definition?.InitialState ?? workflow.State;
        return definition?.StateOf(name) switch
        {
            null => NoSuchState(workflow, name),
            { Runs: false } => new JobStep.Refuse($"The state '{name}' of version {workflow.Version} has no function."),
            var state => Apply(
                new RunAgain(StepPlanner.TargetOf(state), actor) { Variables = Limited(again.Variables, definition) }
            ),
        };
    }

    private JobStep ChangeState(
        JobOperation.ChangeState change,
        WorkflowRecord workflow,
        WorkflowDefinitionOutline? definition,
        string actor
    )
    {
        if (definition?.StateOf(change.State) is not { } target)
        {
            return NoSuchState(workflow, change.State);
        }

        if (
            !change.Force
            && definition.StateOf(workflow.State) is { } current
            && InterventionEvents.IsClosedTo(current, target)
        )
        {
            return new JobStep.Refuse($"'{current.Name}' goes to {string.Join(", ", current.GoesTo)}.");
        }

        return Apply(
            InterventionEvents.Move(workflow, definition, target, change.Force, actor) with
            {
                Due = change.NextActivation,
                Variables = Limited(change.Variables, definition),
            }
        );
    }

    private static JobStep MoveVersion(
        JobOperation.MoveVersion move,
        WorkflowRecord workflow,
        WorkflowDefinitionOutline? from,
        WorkflowDefinitionOutline? to,
        string actor
    ) =>
        (from, to) switch
        {
            (null, _) => new JobStep.Refuse($"The version {workflow.Version} is not known."),
            (_, null) => new JobStep.Refuse($"The version {move.To} is not known."),
            _ => Apply(InterventionEvents.MoveVersion(from, to, move.States, actor)),
        };

    private static JobStep.Refuse NoSuchState(WorkflowRecord workflow, string state) =>
        new JobStep.Refuse($"The version {workflow.Version} of {workflow.WorkflowType} has no state '{state}'.");

    private static JobStep.Apply Apply(WorkflowEvent happened) => new JobStep.Apply(happened);

    private VariableChanges Limited(IReadOnlyList<VariableChange> changes, WorkflowDefinitionOutline? definition) =>
        new(changes, variables.Bytes) { Tracing = definition?.Tracing ?? VariableTracing.Default };
}
