/// What each message does to the page of a definition.
module GopherFlow.Client.Pages.Definition.Update

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages.Definition.Model

let update (msg: Msg) (model: Model) : Model =
    match msg with
    | StateClicked name when model.Selected = Some name -> { model with Selected = None }
    | StateClicked name -> { model with Selected = Some name }
    | StateLeft -> { model with Selected = None }
    | ComparedWith version -> { model with Compared = Some version }
    | ComparisonClosed -> { model with Compared = None }
    | MoveOpened version -> { model with Moving = Some version }
    | MoveClosed -> { model with Moving = None }

/// The filter for the workflows under the diagram.
let filter (name: string) (model: Model) : WorkflowFilter =
    WorkflowFilter.where [
        Field.Type, name
        match model.Selected with
        | Some state -> Field.State, state
        | None -> ()
    ]

/// The older version first.
let inOrder (one: Definition) (other: Definition) : Definition * Definition =
    if Instant.milliseconds other.Created > Instant.milliseconds one.Created then
        one, other
    else
        other, one

/// The numbers of workflows of a version, in one state or in all.
let tally (definition: Definition) (state: string option) (counts: WorkflowCount list) : Tally.Tally =
    counts
    |> List.filter (fun count ->
        count.WorkflowType = definition.Name
        && count.Version = definition.Version
        && Option.forall ((=) count.State) state)
    |> Tally.ofCounts

/// "4 running, 12 waiting, 3 failed", without finished and cancelled workflows.
let unfinished (tally: Tally.Tally) : string =
    match
        Tally.groups tally
        |> List.filter (fun (group, _) -> group <> Tally.Ended)
        |> List.map (fun (group, count) -> $"{count} {Tally.Group.word group}")
    with
    | [] -> "none"
    | parts -> String.concat ", " parts

let private amount (change: string) (count: int) =
    if count = 0 then None else Some $"{count} {change}"

/// "2 states added, 1 removed; 3 transitions added".
let differences (before: Definition) (after: Definition) : string =
    let told (what: string) (changes: Changes.Change list) =
        let count word =
            changes
            |> List.filter (Changes.Change.word >> (=) word)
            |> List.length
            |> amount word

        match List.choose count [ "added"; "removed"; "changed" ] with
        | [] -> None
        | parts -> parts |> String.concat ", " |> sprintf "%s: %s" what |> Some

    let states = Changes.ofStates before after |> Map.toList |> List.map snd
    let transitions = Changes.ofTransitions before after |> Map.toList |> List.map snd

    match List.choose id [ told "states" states; told "transitions" transitions ] with
    | [] -> "the states and transitions are the same"
    | parts -> String.concat "; " parts
