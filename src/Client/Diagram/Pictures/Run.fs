/// The picture of one run, now or at a position of its history: a fold over its trace.
module GopherFlow.Client.Diagram.Pictures.Run

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

let private countOf key counts =
    counts |> Map.tryFind key |> Option.defaultValue 0

/// A transition that a run has made but the definition does not have.
let undeclared (times: int) (from: string, target: string) : TransitionView = {
    Transition = {
        From = from
        To = target
        Back = false
        Undoes = false
    }
    Times = times
    Declared = false
    Possible = false
    Traffic = 0.0
    Change = None
}

/// The state of a run now, or at a position of its history.
type Standing = {
    State: string
    Status: Status
    Wait: Wait option
}

/// The picture of a run with this trace and this current state.
let ofTrace (graph: Graph) (trace: Trace.Trace) (standing: Standing) : Picture =
    let taken =
        trace.Steps
        |> List.choose (fun step -> step.From |> Option.map (fun from -> from, step.To))
        |> List.countBy id
        |> Map.ofList

    let entered = trace.Steps |> List.countBy _.To |> Map.ofList
    let isOver = Status.isOver standing.Status

    let mayFollow (transition: Transition) =
        not isOver
        && not transition.Undoes
        && transition.From = standing.State
        && not (Transition.isLoop transition)

    let follows =
        graph.Transitions |> List.filter mayFollow |> List.map _.To |> Set.ofList

    let phase name =
        if name = standing.State then Current
        elif follows.Contains name then Next
        elif countOf name entered > 0 then Visited
        else Idle

    let isHere (view: StateView) = view.Name = standing.State

    let paint (view: StateView) = {
        view with
            Phase = phase view.Name
            Visits = countOf view.Name entered
            Retries = countOf view.Name trace.Failures
            Status = if isHere view then Some standing.Status else None
            Wait = if isHere view then standing.Wait else None
    }

    let follow (view: TransitionView) = {
        view with
            Times = countOf (view.Transition.From, view.Transition.To) taken
            Possible = mayFollow view.Transition
    }

    let plain = Definition.picture graph

    let declared =
        graph.Transitions
        |> List.map (fun transition -> transition.From, transition.To)
        |> Set.ofList

    let undoing = graph.States |> List.choose _.CompensatedBy |> Set.ofList

    // The target of an undoing state depends on what was done.
    let others = [
        for KeyValue((from, target), times) in taken do
            if not (declared.Contains(from, target)) then
                {
                    undeclared times (from, target) with
                        Declared = undoing.Contains from || undoing.Contains target
                }
    ]

    {
        Mode = OfRun
        Stale = false
        States = List.map paint plain.States
        Transitions = List.map follow plain.Transitions @ others
    }

/// The run now.
let now (graph: Graph) (workflow: Workflow) (history: Action list) : Picture =
    ofTrace graph (Trace.ofHistory history) {
        State =
            if workflow.State = "" then
                graph.Initial
            else
                workflow.State
        Status = Workflow.status workflow
        Wait = Wait.ofWorkflow workflow |> Option.map (Wait.within graph workflow.State)
    }

/// The run right after an entry of its history was written. No state is current if the history does not go back that far.
let at (graph: Graph) (_: Workflow) (history: Action list) (position: Id) : Picture =
    let trace = Trace.at position history

    match trace.State, trace.Status with
    | Some state, Some status ->
        ofTrace graph trace {
            State = state
            Status = status
            Wait = None
        }
    | _ -> {
        Definition.picture graph with
            Mode = OfRun
      }

/// Adds the children to the current state of a run that has not ended.
let withChildren (children: Workflow list) (picture: Picture) : Picture =
    let tally =
        children
        |> List.countBy Workflow.status
        |> List.map (fun (status, count) -> status, float count)

    let add (view: StateView) =
        let isHere = view.Phase = Current && not (Option.exists Status.isOver view.Status)

        if isHere then { view with Children = tally } else view

    {
        picture with
            States = List.map add picture.States
    }
