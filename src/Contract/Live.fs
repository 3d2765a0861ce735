namespace GopherFlow.Contract

/// "hello", the first event of a stream.
type Hello = {
    /// The version of the server.
    Version: string
}

/// "workflow": a workflow changed.
type WorkflowEvent = {
    Id: Id
    WorkflowType: string
    Version: string
    Status: string
    State: string
    /// The state before; null for one that is new.
    PreviousState: string option
    ParentWorkflowId: Id option
    /// Of two events of a workflow, the later has the higher revision.
    Revision: Count
    ExecutionCount: int
    RetryCount: int
    OpenChildren: int
    ExecutorId: Id option
    Modified: Instant
    NextActivation: Instant option
}

/// "definition": other versions of a definition run than before.
type DefinitionEvent = {
    Name: string
    /// The newest that runs; null when no new workflow can start.
    Version: string option
}
