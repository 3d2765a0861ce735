namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Scripting

/// Maps trials to the contract.
module internal TrialResponses =

    let private error (error: TrialError) : GopherFlow.Contract.TrialError = {
        Text = error.Text
        File = Option.map fst error.Place
        Line = Option.map snd error.Place
        Detail = error.Detail
    }

    let private step (step: TrialStep) : GopherFlow.Contract.TrialStep = {
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

    /// The response for a trial that ran.
    let ran (report: TrialReport) : TriedScript = {
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

    /// The response for a source with errors.
    let refused (diagnostics: Diagnostic list) : TriedScript = {
        Diagnostics = List.map ScriptResponses.diagnostic diagnostics
        Trial = None
    }
