/// The versions of a definition, newest first: the number of workflows on each, and its actions.
module GopherFlow.Client.Pages.VersionTable

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.ScriptTypes

type Row = {
    Version: string
    Created: Instant
    /// The user who deployed it; empty when not known.
    By: string
    Unfinished: Count
    Registered: bool
    Current: bool
}

let ofDefinition (version: DefinitionVersion) : Row = {
    Version = version.Version
    Created = version.Created
    By = ""
    Unfinished = version.Unfinished
    Registered = version.Registered
    Current = version.Current
}

let ofScript (version: ScriptVersion) : Row = {
    Version = version.Version
    Created = version.Created
    By = $"{version.Author}, {version.Origin}"
    Unfinished = version.Unfinished
    Registered = version.Registered
    Current = version.Current
}

/// A version without unfinished workflows is loaded only when needed, so it is not an error that it does not run here.
let runs (row: Row) : string * string =
    match row.Registered, row.Unfinished with
    | true, _ -> "yes", "fine"
    | false, 0.0 -> "not needed", "idle"
    | false, _ -> "no", "bad"

let private row (name: string) (actions: Row -> ReactElement list) (row: Row) : ReactElement =
    let runs, tone = runs row

    Html.tr [
        prop.key row.Version
        prop.children [
            Html.td [
                prop.data ("label", "Version")
                prop.children [
                    linkWith (Router.DefinitionVersion(name, row.Version)) [
                        prop.className "code"
                        prop.text row.Version
                    ]
                    if row.Current then
                        Html.span [ prop.className "tag"; prop.text "current" ]
                ]
            ]
            Html.td [
                prop.data ("label", "Since")
                prop.children [
                    Clock.time {| at = row.Created |}
                    if row.By <> "" then
                        Html.div [ prop.className "faint"; prop.text row.By ]
                ]
            ]
            Html.td [
                prop.className "amount"
                prop.data ("label", "Unfinished")
                prop.text (string row.Unfinished)
            ]
            Html.td [
                prop.data ("label", "Runs here")
                prop.children [
                    Html.span [ prop.className "runs"; prop.data ("tone", tone); prop.text runs ]
                ]
            ]
            Html.td [ prop.className "row-actions"; prop.children (actions row) ]
        ]
    ]

let view (name: string) (actions: Row -> ReactElement list) (rows: Row list) : ReactElement =
    Html.div [
        prop.className "table-frame stacking"
        prop.children [
            Html.table [
                prop.ariaLabel "Versions"
                prop.children [
                    Html.thead [
                        Html.tr [
                            for title in [ "Version"; "Since"; "Unfinished"; "Runs here"; "" ] ->
                                Html.th [
                                    prop.key title
                                    prop.scope "col"
                                    if title = "Unfinished" then
                                        prop.className "amount"
                                    prop.children [ Table.heading title ]
                                ]
                        ]
                    ]
                    Html.tbody (List.map (row name actions) rows)
                ]
            ]
        ]
    ]

/// A small button of a row.
let action (text: string) (disabledBecause: string option) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.key text
        prop.type' "button"
        prop.className "button small"
        prop.disabled disabledBecause.IsSome
        match disabledBecause with
        | Some reason -> prop.title reason
        | None -> ()
        prop.onClick (fun _ -> act ())
        prop.text text
    ]
