namespace GopherFlow.Storage;

/// <summary>Selects the changes that a listener receives.</summary>
public sealed class ChangeFilter
{
    private readonly Func<WorkflowChange, bool>? matches;

    private ChangeFilter(Func<WorkflowChange, bool>? matches) => this.matches = matches;

    /// <summary>All changes.</summary>
    public static ChangeFilter Everything { get; } = new(null);

    /// <summary>The changes of one workflow.</summary>
    public static ChangeFilter Workflow(long id) => new(change => change.Id == id);

    /// <summary>The changes of all workflows of a type, in all versions.</summary>
    public static ChangeFilter Type(string workflowType) => new(change => change.WorkflowType == workflowType);

    /// <summary>The changes of a workflow and its children.</summary>
    public static ChangeFilter Family(long id) => new(change => change.Id == id || change.ParentWorkflowId == id);

    /// <summary>The changes that match, in the same order.</summary>
    internal IReadOnlyList<WorkflowChange> Of(IReadOnlyList<WorkflowChange> changes) =>
        matches is null ? changes
        : changes.All(matches) ? changes
        : [.. changes.Where(matches)];
}
