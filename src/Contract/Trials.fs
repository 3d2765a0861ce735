namespace GopherFlow.Contract

/// Why an attempt failed.
type TrialError = {
    Text: string
    /// The file of the script in which the exception was thrown.
    File: string option
    Line: int option
    /// The complete exception with its stack trace.
    Detail: string
}

/// One committed step of a trial.
type TrialStep = {
    /// 1 for the workflow of the trial; other ids are its children.
    WorkflowId: Id
    WorkflowType: string
    State: string
    Attempt: int
    /// The time on the clock of the trial, which skips all waits.
    At: Instant
    NextState: string
    Status: string
    StateVars: RawJson
    /// The lines of the history that the step added.
    Outcome: string list
    Log: string list
    Children: string list
    WaitsUntil: Instant option
    SkippedSeconds: float option
    Error: TrialError option
}

/// The result of running one workflow of a script in memory.
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
    /// Why the trial ended, as a sentence.
    Reason: string
    VirtualSeconds: float
}

/// The result of trying a script: a trial, or the errors in the source.
type TriedScript = {
    Diagnostics: Diagnostic list
    Trial: Trial option
}
