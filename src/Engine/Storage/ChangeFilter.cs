namespace GopherFlow.Storage;

/// <summary>Which changes a listener wants.</summary>
public sealed class ChangeFilter
{
    private readonly Func<WorkflowChange, bool>? matches;

    private ChangeFilter(Func<WorkflowChange, bool>? matches) => this.matches = matches;

    /// <summary>All of them.</summary>
    public static ChangeFilter Everything { get; } = new(null);

    /// <summary>Those of one workflow.</summary>
    public static ChangeFilter Workflow(long id) => new(change => change.Id == id);

    /// <summary>Those of every workflow of a type, whatever its version.</summary>
    public static ChangeFilter Type(string workflowType) => new(change => change.WorkflowType == workflowType);

    /// <summary>Those of a workflow and its children.</summary>
    public static ChangeFilter Family(long id) => new(change => change.Id == id || change.ParentWorkflowId == id);

    /// <summary>The changes that match, in their order.</summary>
    internal IReadOnlyList<WorkflowChange> Of(IReadOnlyList<WorkflowChange> changes) =>
        matches is null ? changes
        : changes.All(matches) ? changes
        : [.. changes.Where(matches)];
}
