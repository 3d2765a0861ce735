/// A trial step by step: its picture for the diagram, and each step as text.
module GopherFlow.Client.Pages.Studio.TrialRun

open GopherFlow.Contract
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Time

/// The steps of the same workflow up to one of them: a trial also runs the children.
let private until (index: int) (trial: Trial) : TrialStep list =
    match List.tryItem index trial.Steps with
    | None -> []
    | Some chosen ->
        trial.Steps
        |> List.truncate (index + 1)
        |> List.filter (fun step -> step.WorkflowId = chosen.WorkflowId)

let private move (place: int) (from: string option) (target: string) : Trace.Step = {
    At = float place
    From = from
    To = target
    ByHand = false
}

/// The trace of a trial. Its steps have no ids, so a position is an index.
let private traceOf (steps: TrialStep list) : Trace.Trace =
    let moves =
        steps
        |> List.indexed
        |> List.filter (fun (_, step) -> step.Error.IsNone)
        |> List.map (fun (place, step) -> move (place + 1) (Some step.State) step.NextState)

    let last = List.last steps

    {
        Steps = move 0 None steps.Head.State :: moves
        Failures =
            steps
            |> List.filter (fun step -> step.Error.IsSome)
            |> List.countBy _.State
            |> Map.ofList
        State = Some last.NextState
        Status = Some(Status.ofWire last.Status)
    }

/// The run when a step was committed.
let picture (graph: Graph) (trial: Trial) (index: int) : Picture =
    match until index trial with
    | [] -> Pictures.Definition.picture graph
    | steps ->
        let last = List.last steps

        Pictures.Run.ofTrace graph (traceOf steps) {
            State = last.NextState
            Status = Status.ofWire last.Status
            Wait = None
        }

/// The wait after a step, if there is one.
let wait (step: TrialStep) : string option =
    match step.SkippedSeconds, step.WaitsUntil with
    | Some seconds, _ when seconds > 0.0 -> Some $"waits {duration seconds}, skipped"
    | _, Some at -> Some $"waits until {Instant.exact at}"
    | _ -> None

let private valuesOf (step: TrialStep) : (string * string) list =
    if isNull (box step.StateVars) then
        []
    else
        Json.entriesOf step.StateVars
        |> List.map (fun (name, value) -> name, Json.write value)

/// The variables that a step set or changed. The first step is compared with the given variables.
let changed (given: (string * string) list) (trial: Trial) (index: int) : (string * string) list =
    let steps = until index trial

    match List.rev steps with
    | [] -> []
    | last :: earlier ->
        let before =
            match earlier with
            | previous :: _ -> valuesOf previous
            | [] -> given

        valuesOf last
        |> List.filter (fun variable -> not (List.contains variable before))
