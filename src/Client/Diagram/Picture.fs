/// What the diagram shows on top of a graph: for each state and transition its part in one run, or none for a definition.
module GopherFlow.Client.Diagram.Picture

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
        match workflow.WaitsFor with
        | Some Activation -> workflow.NextActivation |> Option.map UntilTime
        | Some Children -> Some(ForChildren workflow.OpenChildren)
        | Some Person -> Some ForPerson
        | Some Signal -> Some(ForSignal workflow.AwaitedSignals)
        | Some NextAttempt ->
            workflow.NextActivation
            |> Option.map (fun due -> ForAttempt(workflow.RetryCount + 1, due))
        | Some Resume -> Some ForResume
        | Some WaitsFor.Executor -> Some ForExecutor
        | Some WaitsFor.Definition -> Some ForDefinition
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
            Type = state.Type
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
            Possible = false
        })
}

/// Where a TRANSITION of the history led from and to.
let tryStep (action: Action) : (string * string) option =
    let prefix = $"From {action.Name} to "

    if action.Type = "TRANSITION" && action.Text.StartsWith prefix then
        Some(action.Name, action.Text.Substring prefix.Length)
    else
        None

let private countOf key counts =
    counts |> Map.tryFind key |> Option.defaultValue 0

let ofRun (graph: Graph) (workflow: Workflow) (history: Action list) : Picture =
    let steps = history |> List.choose tryStep
    let taken = steps |> List.countBy id |> Map.ofList
    let entered = steps |> List.countBy snd |> Map.ofList

    let retries =
        history
        |> List.filter (fun action -> action.Type = "RETRY")
        |> List.countBy _.Name
        |> Map.ofList

    let current =
        if workflow.State = "" then
            graph.Initial
        else
            workflow.State

    let begun = workflow.Started.IsSome || not steps.IsEmpty
    let isOver = Status.isOver workflow.Status

    let visits name =
        countOf name entered + (if begun && name = graph.Initial then 1 else 0)

    let mayFollow (transition: Transition) =
        not isOver && transition.From = current && not (Transition.isLoop transition)

    let follows =
        graph.Transitions |> List.filter mayFollow |> List.map _.To |> Set.ofList

    let phase name =
        if name = current then Current
        elif follows.Contains name then Next
        elif visits name > 0 then Visited
        else Idle

    let paint (view: StateView) = {
        view with
            Phase = phase view.Name
            Visits = visits view.Name
            Retries = countOf view.Name retries
            Status = if view.Name = current then Some workflow.Status else None
            Wait =
                if view.Name = current then
                    Wait.ofWorkflow workflow
                else
                    None
    }

    let trace (view: TransitionView) = {
        view with
            Times = countOf (view.Transition.From, view.Transition.To) taken
            Possible = mayFollow view.Transition
    }

    let plain = ofDefinition graph

    {
        IsRun = true
        States = List.map paint plain.States
        Transitions = List.map trace plain.Transitions
    }
