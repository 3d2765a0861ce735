namespace GopherFlow.Authoring;

/// <summary>How a workflow can end.</summary>
[Flags]
public enum WorkflowEnds
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>FINISHED: in a state that means success.</summary>
    Finished = 1,

    /// <summary>FAILED after its last attempt, or ERROR: in a state that means failure.</summary>
    Failed = 2,

    /// <summary>CANCELLED.</summary>
    Cancelled = 4,

    /// <summary>However it ends.</summary>
    All = Finished | Failed | Cancelled,
}
