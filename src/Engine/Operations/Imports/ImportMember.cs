using GopherFlow.Definitions;
using GopherFlow.Execution;

namespace GopherFlow.Operations.Imports;

/// <summary>A workflow of an import, with what is known of it by now.</summary>
/// <param name="request">The workflow.</param>
/// <param name="definition">Its definition; null when there is none.</param>
/// <param name="state">Its state; null when the definition does not have it.</param>
internal sealed class ImportMember(
    ImportWorkflow request,
    WorkflowDefinitionOutline? definition,
    StateDefinition? state
)
{
    public ImportWorkflow Request { get; } = request;

    /// <summary>Its definition; only of one that is created.</summary>
    public WorkflowDefinitionOutline Definition => definition!;

    /// <summary>Its state; only of one that is created.</summary>
    public StateDefinition State => state!;

    public ImportOutcome Outcome { get; private set; } = new(request.ExternalId, ImportVerdict.Created);

    /// <summary>Whether nothing speaks against it so far.</summary>
    public bool IsCreated => Outcome.Verdict == ImportVerdict.Created;

    public bool IsRefused => Outcome.Verdict == ImportVerdict.Refused;

    /// <summary>The member that is its parent; null when it stands alone.</summary>
    public ImportMember? Parent { get; private set; }

    public List<ImportMember> Children { get; } = [];

    /// <summary>Refuses it; the first reason stays.</summary>
    public void Refuse(string reason)
    {
        if (!IsRefused)
        {
            Outcome = new(Request.ExternalId, ImportVerdict.Refused, reason);
        }
    }

    /// <summary>It is there.</summary>
    public void MarkAsThere() => Outcome = new(Request.ExternalId, ImportVerdict.Existed);

    public void PutBelow(ImportMember parent)
    {
        Parent = parent;
        parent.Children.Add(this);
    }
}
