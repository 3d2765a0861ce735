/// The diagram as text, for screen readers.
module GopherFlow.Client.Diagram.Summary

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

let times (count: int) : string =
    if count = 1 then "once" else $"{count} times"

/// One state: "Review, normal state, current, executing, ran 2 times, failed once, waits for a person".
let ofState (now: Instant) (view: StateView) : string =
    [
        view.Name
        $"{(StateType.wire view.Type).ToLower()} state"
        if view.Phase = Next then
            "may come next"
        elif view.Phase <> Idle then
            Phase.word view.Phase
        match view.Status with
        | Some status -> (Status.word status).ToLower()
        | None -> ()
        if view.Visits > 0 then
            $"ran {times view.Visits}"
        if view.Retries > 0 then
            $"failed {times view.Retries}"
        match view.Wait with
        | Some wait -> Wait.text now wait
        | None -> ()
        if not view.Children.IsEmpty then
            $"children: {Tally.text view.Children}"
        if not view.Tally.IsEmpty then
            $"workflows: {Tally.text view.Tally}"
        match view.Change with
        | Some change -> Changes.Change.text change
        | None -> ()
        yield! view.Rules
    ]
    |> String.concat ", "

let private target (view: TransitionView) : string =
    match view.Change with
    | Some change -> $"{view.Transition.To} ({Changes.Change.word change})"
    | None -> view.Transition.To

let private title (graph: Graph) (picture: Picture) : string =
    let states = $"{picture.States.Length} states, starts at {graph.Initial}."

    match picture.Mode with
    | OfComparison -> $"{graph.Type}, from version {graph.Version}: {states}"
    | _ -> $"{graph.Type}, version {graph.Version}: {states}"

/// The whole diagram, one sentence for each state.
let ofPicture (now: Instant) (graph: Graph) (picture: Picture) : string list = [
    title graph picture
    if picture.Stale then
        "This is the last version without errors."
    for view in picture.States do
        let targets =
            picture.Transitions
            |> List.filter (fun transition ->
                transition.Declared
                && not transition.Transition.Undoes
                && transition.Transition.From = view.Name)
            |> List.map target

        match targets with
        | [] -> $"{ofState now view}; ends here."
        | _ ->
            let names = String.concat ", " targets
            $"{ofState now view}; goes to {names}."
]
