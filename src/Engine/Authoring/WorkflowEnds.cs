namespace GopherFlow.Authoring;

/// <summary>The ways in which a workflow can end.</summary>
[Flags]
public enum WorkflowEnds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>FINISHED: the workflow reached an End state.</summary>
    Finished = 1,

    /// <summary>
    /// FAILED: a state failed for good. Or ERROR: the workflow reached an Error state, or requested a transition that its definition does
    /// not declare.
    /// </summary>
    Failed = 2,

    /// <summary>CANCELLED.</summary>
    Cancelled = 4,

    /// <summary>All of them.</summary>
    All = Finished | Failed | Cancelled,
}
