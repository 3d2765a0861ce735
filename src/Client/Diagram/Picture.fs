/// What the diagram shows on top of a graph: for each state and transition its part in one run, or none for a definition.
module GopherFlow.Client.Diagram.Picture

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Graph

/// The part that a state has in a run.
type Phase =
    | Current
    | Visited
    | Next
    | Idle

/// Why a run does not go on at once.
type Wait =
    | UntilTime of Instant
    | ForChildren of count: int
    | ForPerson
    | ForSignal of names: string list
    | ForAttempt of attempt: int * due: Instant
    | ForResume
    | ForExecutor
    | ForDefinition

type StateView = {
    Name: string
    Type: StateType
    /// Retry and timeout, where the state has its own.
    Rules: string list
    Phase: Phase
    Visits: int
    Retries: int
    Status: Status option
    Wait: Wait option
}

type TransitionView = {
    Transition: Transition
    Times: int
    /// Whether the definition has it; a person can move a run along others.
    Declared: bool
    /// May be taken next.
    Possible: bool
}

type Picture = {
    States: StateView list
    Transitions: TransitionView list
    /// Whether it shows a run, not only a definition.
    IsRun: bool
}

module Phase =
    let word =
        function
        | Current -> "current"
        | Visited -> "visited"
        | Next -> "next"
        | Idle -> "idle"

module Wait =
    let ofWorkflow (workflow: Workflow) : Wait option =
        match Workflow.waitsFor workflow with
        | Some Activation -> workflow.NextActivation |> Option.map UntilTime
        | Some Children -> Some(ForChildren workflow.OpenChildren)
        | Some Person -> Some ForPerson
        | Some Signal -> Some(ForSignal workflow.AwaitedSignals)
        | Some Retry ->
            workflow.NextActivation
            |> Option.map (fun due -> ForAttempt(workflow.RetryCount + 1, due))
        | Some Resume -> Some ForResume
        | Some WaitsFor.Executor -> Some ForExecutor
        | Some WaitsFor.Definition -> Some ForDefinition
        | Some(WaitsFor.Other _)
        | None -> None

    let text (now: Instant) (wait: Wait) : string =
        match wait with
        | UntilTime at when Instant.milliseconds at <= Instant.milliseconds now -> "due now"
        | UntilTime at -> $"waits, runs {relative now at}"
        | ForChildren 1 -> "waits for 1 child"
        | ForChildren count -> $"waits for {count} children"
        | ForPerson -> "waits for a person"
        | ForSignal names -> $"""waits for {String.concat " or " names}"""
        | ForAttempt(attempt, at) when Instant.milliseconds at <= Instant.milliseconds now ->
            $"attempt {attempt} is due"
        | ForAttempt(attempt, at) -> $"attempt {attempt} {relative now at}"
        | ForResume -> "paused"
        | ForExecutor -> "waits for an executor"
        | ForDefinition -> "waits for definition"

let retryText (retry: Retry) : string =
    let times =
        match retry.MaxRetries with
        | 0 -> "no retry"
        | 1 -> "1 retry"
        | count -> $"{count} retries"

    if retry.MaxRetries = 0 then
        times
    elif retry.MinSeconds = retry.MaxSeconds then
        $"{times}, {duration retry.MinSeconds}"
    else
        $"{times}, {duration retry.MinSeconds} to {duration retry.MaxSeconds}"

/// The state's own retry and timeout in words.
let rules (state: State) : string list = [
    match state.Retry with
    | Some retry -> retryText retry
    | None -> ()
    match state.TimeoutSeconds with
    | Some seconds -> $"timeout {duration seconds}"
    | None -> ()
]

let ofDefinition (graph: Graph) : Picture = {
    IsRun = false
    States =
        graph.States
        |> List.map (fun state -> {
            Name = state.Name
            Type = State.kind state
            Rules = rules state
            Phase = Idle
            Visits = 0
            Retries = 0
            Status = None
            Wait = None
        })
    Transitions =
        graph.Transitions
        |> List.map (fun transition -> {
            Transition = transition
            Times = 0
            Declared = true
            Possible = false
        })
}

let private countOf key counts =
    counts |> Map.tryFind key |> Option.defaultValue 0

/// Where a run stands: now, or at a position of its history.
type private Standing = {
    State: string
    Status: Status
    Wait: Wait option
}

let private picture (graph: Graph) (trace: Trace.Trace) (standing: Standing) : Picture =
    let taken =
        trace.Steps
        |> List.choose (fun step -> step.From |> Option.map (fun from -> from, step.To))
        |> List.countBy id
        |> Map.ofList

    let entered = trace.Steps |> List.countBy _.To |> Map.ofList
    let isOver = Status.isOver standing.Status

    let mayFollow (transition: Transition) =
        not isOver
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

    let plain = ofDefinition graph

    let declared =
        graph.Transitions
        |> List.map (fun transition -> transition.From, transition.To)
        |> Set.ofList

    let undeclared = [
        for KeyValue((from, target), times) in taken do
            if not (declared.Contains(from, target)) then
                {
                    Transition = {
                        From = from
                        To = target
                        Back = false
                    }
                    Times = times
                    Declared = false
                    Possible = false
                }
    ]

    {
        IsRun = true
        States = List.map paint plain.States
        Transitions = List.map follow plain.Transitions @ undeclared
    }

/// The run as it stands now.
let ofRun (graph: Graph) (workflow: Workflow) (history: Action list) : Picture =
    picture graph (Trace.ofHistory history) {
        State =
            if workflow.State = "" then
                graph.Initial
            else
                workflow.State
        Status = Workflow.status workflow
        Wait = Wait.ofWorkflow workflow
    }

/// The run as it stood when an entry of its history had been written.
let ofRunAt (graph: Graph) (workflow: Workflow) (history: Action list) (position: Id) : Picture =
    let trace = Trace.at position history

    picture graph trace {
        State = trace.State |> Option.defaultValue graph.Initial
        Status = trace.Status |> Option.defaultValue (Workflow.status workflow)
        Wait = None
    }
