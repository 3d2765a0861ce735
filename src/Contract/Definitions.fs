namespace GopherFlow.Contract

/// When a failed attempt is retried.
type Retry = {
    [<OneOf("linear", "exponential")>]
    Kind: string
    MaxRetries: int
    MinSeconds: float
    MaxSeconds: float
}

/// The number of workflows or steps that may run at once, or start within a time span, across all executors.
type Limit = {
    Count: int
    /// The time span of a rate limit; null for a limit on how many run at once.
    SpanSeconds: float option
    /// Whether the limit applies to each limit key separately.
    PerKey: bool
}

/// A state of a definition.
type State = {
    Name: string
    [<OneOf("Start", "Normal", "Manual", "Error", "End")>]
    Type: string
    /// The states that may follow it.
    GoesTo: string list
    /// The state that undoes it when a workflow compensates; null if there is none.
    CompensatedBy: string option
    /// The retry policy of this state; null when that of the definition applies.
    Retry: Retry option
    /// The timeout of one attempt; null when the server's setting applies.
    TimeoutSeconds: float option
    /// How many workflows may run it at once, or start it within a time span; empty if there is no limit.
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
    /// Whether the server that sent this response can run it.
    Registered: bool
    Retry: Retry
    States: State list
    /// How many of its workflows may run at once, or how many of their steps may start within a time span; empty if there is no limit.
    Limits: Limit list
}

/// A version in the list of a definition's versions.
type DefinitionVersion = {
    Version: string
    Created: Instant
    Updated: Instant
    /// The number of unfinished workflows on this version.
    Unfinished: Count
    /// Whether the server that sent this response can run it.
    Registered: bool
    /// Whether new workflows start on it.
    Current: bool
}

/// What happens to the workflows in one state when they move to another version.
type StateMove = {
    From: string
    To: string option
    Workflows: Count
    /// Why they cannot be moved; null if they can.
    Refusal: string option
}

/// The result of a move to another version; for a dry run, what the move would do.
type VersionMove = {
    DryRun: bool
    Plan: StateMove list
    Moved: Count
    Refusals: string list
}
