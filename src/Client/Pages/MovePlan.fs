/// The plan of a move of workflows to another version, and what prevents the move.
module GopherFlow.Client.Pages.MovePlan

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Pages.VersionTable

/// The most likely target version: the current one, or else the newest other one that runs here.
let likelyTarget (from: string) (rows: Row list) : string =
    let others = rows |> List.filter (fun row -> row.Version <> from && row.Registered)

    others
    |> List.tryFind _.Current
    |> Option.orElse (List.tryHead others)
    |> Option.map _.Version
    |> Option.defaultValue ""

/// The states to which workflows can be moved.
let targets (definition: Definition option) : string list =
    definition
    |> Option.map (fun definition ->
        definition.States
        |> List.filter (fun state -> State.kind state <> End && State.kind state <> StateType.Error)
        |> List.map _.Name)
    |> Option.defaultValue []

let workflows (plan: StateMove list) : Count = plan |> List.sumBy _.Workflows

let amount (count: Count) =
    if count = 1.0 then "1 workflow" else $"{count} workflows"

/// Why the planned move cannot be made.
let blockedReason (plan: VersionMove option) : string option =
    match plan with
    | None -> Some "The plan is not known yet."
    | Some plan when not plan.Refusals.IsEmpty -> Some "Every state must lead to a state of the new version."
    | Some plan when workflows plan.Plan = 0.0 -> Some "There are no workflows to move."
    | Some _ -> None

let private stateRow (known: string list) (choose: string -> string -> unit) (line: StateMove) : ReactElement =
    Html.tr [
        prop.key line.From
        prop.children [
            Html.td [ prop.className "amount"; prop.text (string line.Workflows) ]
            Html.td line.From
            Html.td [
                prop.children [
                    Html.select [
                        prop.ariaLabel $"Where {line.From} leads"
                        prop.ariaInvalid line.Refusal.IsSome
                        prop.value (
                            line.To
                            |> Option.filter (fun state -> List.contains state known)
                            |> Option.defaultValue ""
                        )
                        prop.onChange (choose line.From)
                        prop.children [
                            Html.option [ prop.key ""; prop.value ""; prop.text "choose a state" ]
                            for state in known do
                                Html.option [ prop.key state; prop.value state; prop.text state ]
                        ]
                    ]
                ]
            ]
        ]
    ]

let table (known: string list) (choose: string -> string -> unit) (plan: VersionMove) : ReactElement =
    if plan.Plan.IsEmpty then
        Html.p [
            prop.className "faint"
            prop.text "No unfinished workflow is on this version."
        ]
    else
        Html.div [
            prop.className "table-frame"
            prop.children [
                Html.table [
                    prop.children [
                        Html.thead [
                            Html.tr [
                                for title in [ "Workflows"; "In state"; "Go to" ] ->
                                    Html.th [
                                        prop.key title
                                        prop.scope "col"
                                        if title = "Workflows" then
                                            prop.className "amount"
                                        prop.text title
                                    ]
                            ]
                        ]
                        Html.tbody (List.map (stateRow known choose) plan.Plan)
                    ]
                ]
            ]
        ]
