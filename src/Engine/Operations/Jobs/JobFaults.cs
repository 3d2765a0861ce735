using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>Validates a job before it is stored. Finds errors that would affect every one of its workflows.</summary>
internal sealed class JobFaults(
    IWorkflowStore store,
    DefinitionRegistry registry,
    DefinitionCatalogue catalogue,
    VariablesLimit limit
)
{
    private const int LongestList = 100;

    /// <summary>Rejects a request that has errors.</summary>
    /// <exception cref="RejectedRequestException">Fields are invalid. The exception lists all of them.</exception>
    public async Task RejectAsync(JobRequest request, CancellationToken cancellation)
    {
        RequestFaults.Reject([
            .. RequestFaults.OfText("actor", request.Actor),
            .. request.Reason is { } reason ? RequestFaults.OfText("reason", reason) : [],
            .. FilterFaults.Of(request.Filter, LongestList),
            .. OfStatuses(request),
            .. OfOperation(request),
        ]);
        var definitions = await DefinitionsAsync(request.Filter, cancellation);
        RequestFaults.Reject([
            .. definitions
                .Where(each => each.Definition is null)
                .Select(each => new FieldFault(
                    each.Version is null ? "filter.workflowTypes" : "filter.versions",
                    each.Version ?? each.Type,
                    each.Version is null ? "the name of a definition" : $"a version of {each.Type}"
                )),
            .. OfStates(request.Operation, definitions),
        ]);
        if (request.Operation is JobOperation.MoveVersion move)
        {
            await RejectMoveAsync(request.Filter.WorkflowTypes[0], move, cancellation);
        }
    }

    /// <summary>Checks that the filter allows some status in which the operation is possible.</summary>
    private static IEnumerable<FieldFault> OfStatuses(JobRequest request)
    {
        var (operation, filter) = (request.Operation, request.Filter);
        if (filter.Statuses.Count > 0 && request.Meant.Statuses.Count == 0)
        {
            yield return new(
                "filter.statuses",
                Names(filter.Statuses),
                $"statuses in which the operation can be done: {Names(operation.Possible)}"
            );
        }
        else if (filter.Narrowed() is not null)
        {
            var expected =
                $"what a workflow can have in a status in which the operation can be done: {Names(operation.Possible)}";
            foreach (var fault in FilterFaults.OfImpossible(request.Meant, expected))
            {
                yield return fault;
            }
        }

        if (
            operation is JobOperation.ChangeState { FromStates: { Count: > 0 } from }
            && filter.States.Count > 0
            && !filter.States.Intersect(from).Any()
        )
        {
            yield return new(
                "operation.fromStates",
                string.Join(", ", from),
                $"some of the filter's states: {string.Join(", ", filter.States)}"
            );
        }
    }

    private FieldFault[] OfOperation(JobRequest request) =>
        request.Operation switch
        {
            JobOperation.RunAgain again =>
            [
                .. again.State is { } state ? RequestFaults.OfText("operation.state", state) : [],
                .. again.State is null ? [] : OfMissingTypes(request.Filter),
                .. OfVariables(again.Variables),
            ],
            JobOperation.ChangeState change =>
            [
                .. RequestFaults.OfText("operation.state", change.State),
                .. OfMissingTypes(request.Filter),
                .. OfVariables(change.Variables),
            ],
            JobOperation.ChangeVariables change =>
            [
                .. change.Changes.Count == 0
                    ? [new FieldFault("operation.changes", null, "at least one change")]
                    : OfVariables(change.Changes),
            ],
            JobOperation.MoveVersion when request.Filter.WorkflowTypes.Count != 1 =>
            [
                new(
                    "filter.workflowTypes",
                    string.Join(", ", request.Filter.WorkflowTypes),
                    "exactly one type, because the version belongs to it"
                ),
            ],
            JobOperation.MoveVersion move
                when request.Filter.Versions.Count == 0 || request.Filter.Versions.Contains(move.To) =>
            [
                new(
                    "filter.versions",
                    string.Join(", ", request.Filter.Versions),
                    $"the current versions of the workflows, other than {move.To}"
                ),
            ],
            JobOperation.Place place =>
            [
                .. place.Priority is { } priority ? InOperation(RequestFaults.OfPriority(priority)) : [],
                .. place.ExecutorGroup is { } group ? RequestFaults.OfText("operation.executorGroup", group) : [],
                .. place is { Priority: null, ExecutorGroup: null }
                    ? [new FieldFault("operation.priority", null, "a priority or an executorGroup")]
                    : Array.Empty<FieldFault>(),
            ],
            JobOperation.Signal signal =>
            [
                .. InOperation(SignalOperations.FaultsOf(signal.Name, signal.Key, signal.Payload, limit)),
            ],
            _ => [],
        };

    private IEnumerable<FieldFault> OfVariables(IReadOnlyList<VariableChange> changes) =>
        InOperation(
            RequestFaults
                .OfVariables(changes)
                .Concat(
                    changes
                        .Where(change => change.JsonValue is { } json && !limit.Allows(json))
                        .Select(change => new FieldFault("value", null, limit.Expected(change.JsonValue!)))
                )
        );

    private static IEnumerable<FieldFault> InOperation(IEnumerable<FieldFault> faults) =>
        faults.Select(fault => fault with { Field = $"operation.{fault.Field}" });

    /// <summary>Checks that the filter has types, because a state belongs to a type.</summary>
    private static FieldFault[] OfMissingTypes(WorkflowFilter filter) =>
        filter.WorkflowTypes.Count > 0
            ? []
            : [new("filter.workflowTypes", null, "the types of the workflows, to which the state belongs")];

    private static IEnumerable<FieldFault> OfStates(
        JobOperation operation,
        IReadOnlyList<(string Type, string? Version, WorkflowDefinitionOutline? Definition)> definitions
    )
    {
        var target = operation switch
        {
            JobOperation.RunAgain again => again.State,
            JobOperation.ChangeState change => change.State,
            _ => null,
        };
        var mustRun = operation is JobOperation.RunAgain;
        foreach (var definition in definitions.Select(each => each.Definition).OfType<WorkflowDefinitionOutline>())
        {
            if (
                target is not null
                && definition.StateOf(target) is var state
                && (state is null || (mustRun && !state.Runs))
            )
            {
                var states = definition.States.Where(known => !mustRun || known.Runs).Select(known => known.Name);
                yield return new(
                    "operation.state",
                    target,
                    $"a state {(mustRun ? "with a function " : "")}of {definition.Name} {definition.Version}: {string.Join(", ", states)}"
                );
            }
        }
    }

    /// <summary>The definitions of the filter's types, in the filter's versions or in the newest one.</summary>
    private async Task<List<(string Type, string? Version, WorkflowDefinitionOutline? Definition)>> DefinitionsAsync(
        WorkflowFilter filter,
        CancellationToken cancellation
    )
    {
        var definitions = new List<(string, string?, WorkflowDefinitionOutline?)>();
        foreach (var type in filter.WorkflowTypes)
        {
            var newest = await catalogue.FindAsync(type, cancellation);
            if (newest is null || filter.Versions.Count == 0)
            {
                definitions.Add((type, null, newest));
                continue;
            }

            foreach (var version in filter.Versions)
            {
                var definition = await catalogue.FindAsync(new DefinitionKey(type, version), cancellation);

                // With several types, each version has to exist for only one of them.
                if (definition is not null || filter.WorkflowTypes.Count == 1)
                {
                    definitions.Add((type, version, definition));
                }
            }
        }

        return definitions;
    }

    private async Task RejectMoveAsync(string type, JobOperation.MoveVersion move, CancellationToken cancellation)
    {
        var versions = await store.DefinitionVersionsAsync(type, cancellation);
        if (await catalogue.FindAsync(new DefinitionKey(type, move.To), cancellation) is not { } to)
        {
            throw new RejectedRequestException([
                new(
                    "operation.to",
                    move.To,
                    $"a version of {type}: {string.Join(", ", versions.Select(each => each.Version))}"
                ),
            ]);
        }

        var states = string.Join(", ", to.States.Where(state => !state.IsFinal).Select(state => state.Name));
        RequestFaults.Reject([
            .. registry.WhyNot(new DefinitionKey(type, move.To)) is { } reason
                ? [new FieldFault("operation.to", move.To, $"a version that this server can run ({reason})")]
                : Array.Empty<FieldFault>(),
            .. move
                .States.Where(pair => to.StateOf(pair.Value) is not { IsFinal: false })
                .Select(pair => new FieldFault(
                    $"operation.states.{pair.Key}",
                    pair.Value,
                    $"a state of version {move.To} that is not final: {states}"
                )),
        ]);
    }

    private static string Names(IEnumerable<WorkflowStatus> statuses) =>
        string.Join(", ", statuses.Select(status => status.ToName()));
}
