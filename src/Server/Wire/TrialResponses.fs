namespace GopherFlow.Server

open System
open GopherFlow.Scripting

/// Why an attempt failed.
type TrialErrorAnswer = {
    Text: string
    /// Where in the script it was thrown.
    File: string option
    Line: int option
    /// The whole exception with its stack trace.
    Detail: string
}

/// One commit.
type TrialStepAnswer = {
    /// 1 is the workflow that was tried, others are its children.
    WorkflowId: int64
    WorkflowType: string
    State: string
    Attempt: int
    /// By the clock of the trial, which skips every wait.
    At: DateTimeOffset
    NextState: string
    Status: string
    StateVars: RawJson
    /// The lines of the history.
    Outcome: string list
    Log: string list
    Children: string list
    WaitsUntil: DateTimeOffset option
    SkippedSeconds: float option
    Error: TrialErrorAnswer option
}

/// What one workflow of a script did.
type TrialAnswer = {
    Steps: TrialStepAnswer list
    State: string
    Status: string
    StateVars: RawJson
    /// "reachedEnd", "failed", "reachedError", "waitsForPerson", "waitsForChildren", "waitsForSignal", "stepLimit", "timeLimit" or "refused".
    Ended: string
    /// The same in words.
    Reason: string
    VirtualSeconds: float
}

/// A trial, or what is wrong with the source.
type TryAnswer = {
    Diagnostics: DiagnosticAnswer list
    Trial: TrialAnswer option
}

/// What goes out about trials.
module TrialResponses =

    let private error (error: TrialError) : TrialErrorAnswer = {
        Text = error.Text
        File = Option.map fst error.Place
        Line = Option.map snd error.Place
        Detail = error.Detail
    }

    let private step (step: TrialStep) : TrialStepAnswer = {
        WorkflowId = step.WorkflowId
        WorkflowType = step.WorkflowType
        State = step.State
        Attempt = step.Attempt
        At = step.At
        NextState = step.Next
        Status = step.Status
        StateVars = RawJson step.Variables
        Outcome = step.Outcome
        Log = step.Log
        Children = step.Children
        WaitsUntil = step.WaitsUntil
        SkippedSeconds = step.Skipped |> Option.map _.TotalSeconds
        Error = Option.map error step.Error
    }

    let private ended (ended: TrialEnd) =
        let name = string ended
        name.Substring(0, 1).ToLowerInvariant() + name.Substring 1

    /// A trial that was run.
    let ran (report: TrialReport) : TryAnswer = {
        Diagnostics = []
        Trial =
            Some {
                Steps = List.map step report.Steps
                State = report.State
                Status = report.Status
                StateVars = RawJson report.Variables
                Ended = ended report.Ended
                Reason = report.Reason
                VirtualSeconds = report.VirtualTime.TotalSeconds
            }
    }

    /// A source that cannot be tried.
    let refused (diagnostics: Diagnostic list) : TryAnswer = {
        Diagnostics = List.map ScriptResponses.diagnostic diagnostics
        Trial = None
    }
