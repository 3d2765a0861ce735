namespace GopherFlow.Contract

/// When a failed attempt is made again.
type Retry = {
    [<OneOf("linear", "exponential")>]
    Kind: string
    MaxRetries: int
    MinSeconds: float
    MaxSeconds: float
}

/// How many may run at once, or begin within a span, over all executors.
type Limit = {
    Count: int
    /// The span of a rate; null for a limit on how many run at once.
    SpanSeconds: float option
    /// Whether the limit counts for each limit key separately.
    PerKey: bool
}

/// A state of a definition.
type State = {
    Name: string
    [<OneOf("Start", "Normal", "Manual", "Error", "End")>]
    Type: string
    /// The states that it may go to.
    GoesTo: string list
    /// The state that undoes it when a workflow compensates; null when nothing does.
    CompensatedBy: string option
    /// Of its own; null when the definition's holds.
    Retry: Retry option
    /// How long an attempt may take; null when the server's setting holds.
    TimeoutSeconds: float option
    /// How many workflows may run it at once, or begin it within a span; empty for any number.
    Limits: Limit list
}

/// A version of a definition.
type Definition = {
    Name: string
    Version: string
    Description: string
    Created: Instant
    Updated: Instant
    /// The diagram as Mermaid text.
    FlowChart: string
    InitialState: string
    /// Whether the server that answers can run it.
    Registered: bool
    Retry: Retry
    States: State list
    /// How many of its workflows may run at once, or how many of their steps may begin within a span; empty for any number.
    Limits: Limit list
}

/// A version of a definition among the others.
type DefinitionVersion = {
    Version: string
    Created: Instant
    Updated: Instant
    /// How many workflows on it have not ended.
    Unfinished: Count
    /// Whether the server that answers can run it.
    Registered: bool
    /// Whether new workflows start on it.
    Current: bool
}

/// What becomes of the workflows of one state in a move to another version.
type StateMove = {
    From: string
    To: string option
    Workflows: Count
    /// Why they cannot be moved; null when they can.
    Refusal: string option
}

/// What a move to another version does, or would do.
type VersionMove = {
    DryRun: bool
    Plan: StateMove list
    Moved: Count
    Refusals: string list
}
