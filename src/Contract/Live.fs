namespace GopherFlow.Contract

/// The data of the event "hello", the first event of a stream.
type Hello = {
    /// The version of the server.
    Version: string
}

/// The data of the event "workflow": a workflow has changed.
type WorkflowEvent = {
    Id: Id
    WorkflowType: string
    Version: string
    Status: string
    State: string
    /// The state before the change; null for a new workflow.
    PreviousState: string option
    ParentWorkflowId: Id option
    /// Increases with every change of a workflow: of two events of the same workflow, the later one has the higher revision.
    Revision: Count
    ExecutionCount: int
    RetryCount: int
    OpenChildren: int
    ExecutorId: Id option
    Modified: Instant
    NextActivation: Instant option
}

/// The data of the event "definition": the versions of a definition that this server can run have changed.
type DefinitionEvent = {
    Name: string
    /// The version on which new workflows start; null when none can start.
    Version: string option
}
