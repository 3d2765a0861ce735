/// A trial, step by step: what the diagram shows of it, and what each step did, in words.
module GopherFlow.Client.Pages.Studio.TrialRun

open Fable.Core
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

let private countOf key counts =
    counts |> Map.tryFind key |> Option.defaultValue 0

/// The run as it stood when a step was committed.
let picture (graph: Graph) (trial: Trial) (index: int) : Picture =
    let plain = Picture.ofDefinition graph
    let steps = until index trial

    match List.tryLast steps with
    | None -> plain
    | Some last ->
        let moves =
            steps
            |> List.filter (fun step -> step.Error.IsNone)
            |> List.map (fun step -> step.State, step.NextState)

        let entered =
            steps.Head.State :: List.map snd moves |> List.countBy id |> Map.ofList

        let failed =
            steps
            |> List.filter (fun step -> step.Error.IsSome)
            |> List.countBy _.State
            |> Map.ofList

        let taken = moves |> List.countBy id |> Map.ofList
        let status = Status.ofWire last.Status

        let mayFollow (transition: Transition) =
            not (Status.isOver status)
            && transition.From = last.NextState
            && not (Transition.isLoop transition)

        let follows =
            graph.Transitions |> List.filter mayFollow |> List.map _.To |> Set.ofList

        let phase name =
            if name = last.NextState then Current
            elif follows.Contains name then Next
            elif countOf name entered > 0 then Visited
            else Idle

        {
            Mode = OfRun
            Stale = false
            States =
                plain.States
                |> List.map (fun view -> {
                    view with
                        Phase = phase view.Name
                        Visits = countOf view.Name entered
                        Retries = countOf view.Name failed
                        Status = if view.Name = last.NextState then Some status else None
                })
            Transitions =
                plain.Transitions
                |> List.map (fun view -> {
                    view with
                        Times = countOf (view.Transition.From, view.Transition.To) taken
                        Possible = mayFollow view.Transition
                })
        }

/// The wait that comes after a step, as far as it does.
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
        |> List.map (fun (name, value) -> name, JS.JSON.stringify value)

/// The variables that a step set, or set to something else; before the first step there are those that it was given.
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
