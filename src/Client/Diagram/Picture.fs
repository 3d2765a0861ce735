/// What the diagram shows on top of a graph, one function for each: the definition alone, how many workflows are in each
/// state, one run now or at a position of its history, what is between two versions.
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
    /// Which attempt it is, and how many may be made when that is known.
    | ForAttempt of attempt: int * most: int option * due: Instant
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
    /// The children of a run, on the state where it stands.
    Children: Tally.Tally
    /// The workflows in the state.
    Tally: Tally.Tally
    Change: Changes.Change option
}

type TransitionView = {
    Transition: Transition
    Times: int
    /// Whether the definition has it; a person can move a run along others.
    Declared: bool
    /// May be taken next.
    Possible: bool
    /// How often it is taken, beside the one that is taken most: from 0 to 1.
    Traffic: float
    Change: Changes.Change option
}

type Mode =
    | OfDefinition
    | OfCounts
    | OfRun
    | OfComparison

type Picture = {
    States: StateView list
    Transitions: TransitionView list
    Mode: Mode
    /// The last good one of a text that has errors now.
    Stale: bool
}

module Mode =
    let word =
        function
        | OfDefinition -> "definition"
        | OfCounts -> "counts"
        | OfRun -> "run"
        | OfComparison -> "comparison"

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
            |> Option.map (fun due -> ForAttempt(workflow.RetryCount + 1, None, due))
        | Some Resume -> Some ForResume
        | Some WaitsFor.Executor -> Some ForExecutor
        | Some WaitsFor.Definition -> Some ForDefinition
        | Some(WaitsFor.Other _)
        | None -> None

    /// A state is tried once, then as often as it may be retried.
    let within (graph: Graph) (state: string) (wait: Wait) : Wait =
        match wait with
        | ForAttempt(attempt, _, due) ->
            let retry =
                graph.States
                |> List.tryFind (fun known -> known.Name = state)
                |> Option.bind _.Retry
                |> Option.defaultValue graph.Retry

            ForAttempt(attempt, Some(retry.MaxRetries + 1), due)
        | other -> other

    let private attemptText (attempt: int) (most: int option) =
        match most with
        | Some most -> $"attempt {attempt} of {most}"
        | None -> $"attempt {attempt}"

    let text (now: Instant) (wait: Wait) : string =
        match wait with
        | UntilTime at when Instant.milliseconds at <= Instant.milliseconds now -> "due now"
        | UntilTime at -> $"waits, runs {relative now at}"
        | ForChildren 1 -> "waits for 1 child"
        | ForChildren count -> $"waits for {count} children"
        | ForPerson -> "waits for a person"
        | ForSignal names -> $"""waits for {String.concat " or " names}"""
        | ForAttempt(attempt, most, at) when Instant.milliseconds at <= Instant.milliseconds now ->
            $"{attemptText attempt most} is due"
        | ForAttempt(attempt, most, at) -> $"{attemptText attempt most} {relative now at}"
        | ForResume -> "paused"
        | ForExecutor -> "waits for an executor"
        | ForDefinition -> "waits for definition"

let ofDefinition (graph: Graph) : Picture = {
    Mode = OfDefinition
    Stale = false
    States =
        graph.States
        |> List.map (fun state -> {
            Name = state.Name
            Type = State.kind state
            Rules = Rules.ofState state
            Phase = Idle
            Visits = 0
            Retries = 0
            Status = None
            Wait = None
            Children = []
            Tally = []
            Change = None
        })
    Transitions =
        graph.Transitions
        |> List.map (fun transition -> {
            Transition = transition
            Times = 0
            Declared = true
            Possible = false
            Traffic = 0.0
            Change = None
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
                    Traffic = 0.0
                    Change = None
                }
    ]

    {
        Mode = OfRun
        Stale = false
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
        Wait = Wait.ofWorkflow workflow |> Option.map (Wait.within graph workflow.State)
    }

/// The run as it stood when an entry of its history had been written.
let ofRunAt (graph: Graph) (workflow: Workflow) (history: Action list) (position: Id) : Picture =
    let trace = Trace.at position history

    picture graph trace {
        State = trace.State |> Option.defaultValue graph.Initial
        Status = trace.Status |> Option.defaultValue (Workflow.status workflow)
        Wait = None
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

/// How many workflows of this version are in each state.
let ofCounts (graph: Graph) (counts: WorkflowCount list) : Picture =
    let byState =
        counts
        |> List.filter (fun count -> count.WorkflowType = graph.Type && count.Version = graph.Version)
        |> List.groupBy _.State
        |> Map.ofList

    let plain = ofDefinition graph

    let add (view: StateView) = {
        view with
            Tally = byState.TryFind view.Name |> Option.map Tally.ofCounts |> Option.defaultValue []
    }

    {
        plain with
            Mode = OfCounts
            States = List.map add plain.States
    }

/// Adds how often each transition was taken.
let withTraffic (taken: Map<string * string, int>) (picture: Picture) : Picture =
    let timesOf (transition: Transition) =
        countOf (transition.From, transition.To) taken

    let most =
        picture.Transitions
        |> List.map (fun view -> timesOf view.Transition)
        |> List.fold max 1

    let add (view: TransitionView) =
        let times = timesOf view.Transition

        {
            view with
                Times = times
                Traffic = float times / float most
        }

    {
        picture with
            Transitions = List.map add picture.Transitions
    }

/// Two versions in one; its graph is Graph.ofComparison of the same two.
let ofComparison (before: Definition) (after: Definition) : Picture =
    let plain = ofDefinition (Graph.ofComparison before after)
    let states = Changes.ofStates before after
    let transitions = Changes.ofTransitions before after

    {
        plain with
            Mode = OfComparison
            States =
                plain.States
                |> List.map (fun view -> {
                    view with
                        Change = states.TryFind view.Name
                })
            Transitions =
                plain.Transitions
                |> List.map (fun view -> {
                    view with
                        Change = transitions.TryFind(view.Transition.From, view.Transition.To)
                })
    }

/// The last good picture of a text that has errors now.
let asDraft (picture: Picture) : Picture = { picture with Stale = true }
