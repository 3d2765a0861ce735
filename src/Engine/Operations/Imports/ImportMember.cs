using GopherFlow.Definitions;
using GopherFlow.Execution;

namespace GopherFlow.Operations.Imports;

/// <summary>A workflow of an import, with the result of the checks so far.</summary>
/// <param name="request">The workflow to import.</param>
/// <param name="definition">Its definition, or null if it does not exist.</param>
/// <param name="state">Its state, or null if the definition does not have it.</param>
internal sealed class ImportMember(
    ImportWorkflow request,
    WorkflowDefinitionOutline? definition,
    StateDefinition? state
)
{
    public ImportWorkflow Request { get; } = request;

    /// <summary>Its definition. Not null if it is created.</summary>
    public WorkflowDefinitionOutline Definition => definition!;

    /// <summary>Its state. Not null if it is created.</summary>
    public StateDefinition State => state!;

    public ImportOutcome Outcome { get; private set; } = new(request.ExternalId, ImportVerdict.Created);

    /// <summary>Whether it will be created, according to the checks so far.</summary>
    public bool IsCreated => Outcome.Verdict == ImportVerdict.Created;

    public bool IsRefused => Outcome.Verdict == ImportVerdict.Refused;

    /// <summary>The member that is its parent, or null.</summary>
    public ImportMember? Parent { get; private set; }

    public List<ImportMember> Children { get; } = [];

    /// <summary>Refuses the workflow. If it is already refused, the first reason is kept.</summary>
    public void Refuse(string reason)
    {
        if (!IsRefused)
        {
            Outcome = new(Request.ExternalId, ImportVerdict.Refused, reason);
        }
    }

    /// <summary>Marks the workflow as already existing.</summary>
    public void MarkAsThere() => Outcome = new(Request.ExternalId, ImportVerdict.Existed);

    public void PutBelow(ImportMember parent)
    {
        Parent = parent;
        parent.Children.Add(this);
    }
}
