namespace GopherFlow.Contract

/// Why an attempt failed.
type TrialError = {
    Text: string
    /// Where in the script it was thrown.
    File: string option
    Line: int option
    /// The whole exception with its stack trace.
    Detail: string
}

/// One commit.
type TrialStep = {
    /// 1 is the workflow that was tried, others are its children.
    WorkflowId: Id
    WorkflowType: string
    State: string
    Attempt: int
    /// By the clock of the trial, which skips every wait.
    At: Instant
    NextState: string
    Status: string
    StateVars: RawJson
    /// The lines of the history.
    Outcome: string list
    Log: string list
    Children: string list
    WaitsUntil: Instant option
    SkippedSeconds: float option
    Error: TrialError option
}

/// What one workflow of a script did.
type Trial = {
    Steps: TrialStep list
    State: string
    Status: string
    StateVars: RawJson
    [<OneOf("reachedEnd",
            "failed",
            "reachedError",
            "waitsForPerson",
            "waitsForChildren",
            "waitsForSignal",
            "stepLimit",
            "timeLimit",
            "refused")>]
    Ended: string
    /// The same in words.
    Reason: string
    VirtualSeconds: float
}

/// A trial, or what is wrong with the source.
type TriedScript = {
    Diagnostics: Diagnostic list
    Trial: Trial option
}
