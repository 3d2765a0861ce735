/// The history of a workflow, newest first; of one state only, when a state is selected in the diagram.
module GopherFlow.Client.Pages.WorkflowHistory

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types

let private step = 200

/// What an action is about, for its colour.
let private tone (action: Action) =
    match action.Type with
    | "ERROR"
    | "FAILED" -> "bad"
    | "RETRY"
    | "REPAIRED" -> "warn"
    | "END" -> "good"
    | "TRANSITION" -> "move"
    | _ -> "plain"

/// Times inside a text are told as they are everywhere else: local and to the second.
let private readable (action: Action) : string =
    if action.Type = "SCHEDULE_ACTIVATION" then
        Instant.tryParse action.Text
        |> Option.map Instant.exact
        |> Option.defaultValue action.Text
    else
        action.Text

let private entry (position: Id option) (go: Id -> unit) (action: Action) : ReactElement =
    Html.li [
        prop.key $"{action.Id} {action.Type} {action.Text}"
        prop.className "entry"
        prop.data ("tone", tone action)
        prop.data ("entry", string action.Id)
        prop.data ("here", (if position = Some action.Id then "true" else "false"))
        prop.children [
            Html.div [
                prop.className "entry-head"
                prop.children [
                    Html.span [ prop.className "entry-type"; prop.text action.Type ]
                    Html.span [ prop.className "entry-name"; prop.text action.Name ]
                    Clock.time {| at = action.DateTime |}
                    iconButton Icons.stepBack "Show the run as it was here" false (fun () -> go action.Id)
                ]
            ]
            if action.Text <> "" then
                Html.div [ prop.className "entry-text"; prop.text (readable action) ]
        ]
    ]

let private concerns (state: string) (action: Action) =
    action.Name = state
    || action.Type = "TRANSITION" && action.Text.EndsWith $" to {state}"

let view =
    React.functionComponent (
        "History",
        fun
            (props:
                {|
                    history: Action list
                    state: string option
                    position: Id option
                    go: Id -> unit
                    clear: unit -> unit
                |}) ->
            let limit, setLimit = React.useState step

            let chosen =
                match props.state with
                | Some state -> List.filter (concerns state) props.history
                | None -> props.history

            Html.div [
                prop.children [
                    match props.state with
                    | Some state ->
                        Html.div [
                            prop.className "filter-note"
                            prop.children [
                                Html.text $"Only {state}"
                                button Plain Icons.cross "Show all" None props.clear
                            ]
                        ]
                    | None -> ()

                    if chosen.IsEmpty then
                        Basics.empty "Nothing has happened here yet." []
                    else
                        Html.ol [
                            prop.className "history"
                            prop.children (chosen |> List.truncate limit |> List.map (entry props.position props.go))
                        ]

                    if chosen.Length > limit then
                        button Plain Icons.list $"Show older ({chosen.Length - limit} more)" None (fun () ->
                            setLimit (limit + step))
                ]
            ]
    )
