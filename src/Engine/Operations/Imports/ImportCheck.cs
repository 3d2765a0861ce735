using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Imports;

/// <summary>Validates each workflow of an import on its own.</summary>
internal sealed class ImportCheck(IWorkflowStore store, DefinitionCatalogue catalogue, VariablesLimit limit)
{
    /// <summary>Checks whether a workflow can be created, already exists, or is refused.</summary>
    public async Task<ImportMember> LookAsync(ImportWorkflow request, CancellationToken cancellation)
    {
        var definition = string.IsNullOrWhiteSpace(request.WorkflowType)
            ? null
            : await catalogue.FindAsync(request.WorkflowType, cancellation);
        var state = definition?.StateOf(StateOf(request, definition));
        var member = new ImportMember(request, definition, state);
        var faults = FaultsOf(request, definition, state).ToList();
        if (faults.Count == 0 && await ExistingFaultAsync(member, cancellation) is { } existing)
        {
            faults.Add(existing);
        }

        if (faults.Count == 0 && member.IsCreated)
        {
            faults.AddRange(await VariableFaultsAsync(member, cancellation));
        }

        if (faults.Count > 0)
        {
            member.Refuse(string.Join(" ", faults));
        }

        return member;
    }

    private static string StateOf(ImportWorkflow request, WorkflowDefinitionOutline definition) =>
        request.State ?? definition.InitialState;

    private IEnumerable<FieldFault> FaultsOf(
        ImportWorkflow request,
        WorkflowDefinitionOutline? definition,
        StateDefinition? state
    )
    {
        foreach (
            var fault in RequestFaults
                .OfText("externalId", request.ExternalId)
                .Concat(RequestFaults.OfText("workflowType", request.WorkflowType))
                .Concat(RequestFaults.OfText("businessKey", request.BusinessKey))
                .Concat(RequestFaults.OfText("executorGroup", request.ExecutorGroup))
                .Concat(RequestFaults.OfText("origin", request.Origin))
                .Concat(RequestFaults.OfPriority(request.Priority))
        )
        {
            yield return fault;
        }

        if (ReservedIds.PrefixOf(request.ExternalId) is { } prefix)
        {
            yield return new("externalId", request.ExternalId, $"a text that does not begin with {prefix}");
        }

        if (request.RetryCount < 0)
        {
            yield return new("retryCount", $"{request.RetryCount}", "a whole number that is not negative");
        }

        if (definition is null && !string.IsNullOrWhiteSpace(request.WorkflowType))
        {
            yield return new("workflowType", request.WorkflowType, "the name of a definition");
        }
        else if (definition is not null && catalogue.IsDisabled(request.WorkflowType))
        {
            yield return new("workflowType", request.WorkflowType, "a definition that is enabled");
        }
        else if (definition is not null && StateFaultOf(request, definition, state) is { } fault)
        {
            yield return fault;
        }
    }

    private static FieldFault? StateFaultOf(
        ImportWorkflow request,
        WorkflowDefinitionOutline definition,
        StateDefinition? state
    ) =>
        (request.Standing, state) switch
        {
            (_, null) => new(
                "state",
                request.State,
                $"a state of {definition.Name}: {string.Join(", ", definition.States.Select(known => known.Name))}"
            ),
            (ImportStanding.HasEnded, { Runs: true }) => new(
                "state",
                state.Name,
                "a state without a function, because the workflow has ended in it"
            ),
            (ImportStanding.HasFailed, { Runs: false }) => new(
                "state",
                state.Name,
                "a state with a function, because the workflow has failed in it"
            ),
            _ => null,
        };

    private async Task<FieldFault?> ExistingFaultAsync(ImportMember member, CancellationToken cancellation)
    {
        var request = member.Request;
        if (await store.FindByExternalIdAsync(request.ExternalId, cancellation) is not { } existing)
        {
            return null;
        }

        if (existing.WorkflowType == request.WorkflowType && existing.BusinessKey == request.BusinessKey)
        {
            member.MarkAsThere();
            return null;
        }

        return new(
            "externalId",
            request.ExternalId,
            $"an unused id: workflow {existing.Id} ({existing.WorkflowType}, '{existing.BusinessKey}') has it"
        );
    }

    private async Task<IEnumerable<FieldFault>> VariableFaultsAsync(ImportMember member, CancellationToken cancellation)
    {
        var stateVars = member.Request.StateVars.ToJson();
        if (!limit.Allows(stateVars))
        {
            return [new("stateVars", null, limit.Expected(stateVars))];
        }

        // The input is checked only in the Start state. In later states, the code may have changed the variables.
        return
            member.State.Name == member.Definition.InitialState
            && await catalogue.InputFaultOfAsync(member.Request.WorkflowType, stateVars, cancellation) is { } fault
            ? [new($"stateVars{fault.Path}", null, fault.Expected)]
            : [];
    }
}
