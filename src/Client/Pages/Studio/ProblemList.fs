/// The errors and warnings of the text, and of the source that was refused last. Each entry goes to its line.
module GopherFlow.Client.Pages.Studio.ProblemList

open Feliz
open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Editor
open GopherFlow.Client.Pages.Studio.Model

let severity (diagnostic: Diagnostic) : string =
    match Severity.ofWire diagnostic.Severity with
    | Fault -> "error"
    | Warning -> "warning"
    | Info -> "info"

/// The diagnostics of the script's own file, for the editor.
let marks (name: string) (diagnostics: Diagnostic list) : Mark list =
    diagnostics
    |> List.filter (fun diagnostic -> diagnostic.File = Script.file name)
    |> List.map (fun diagnostic -> {
        From = {
            Line = diagnostic.Line
            Column = diagnostic.Column
        }
        Until = {
            Line = diagnostic.EndLine
            Column = diagnostic.EndColumn
        }
        Severity = severity diagnostic
        Text = $"{diagnostic.Code}: {diagnostic.Text}"
    })

/// Goes to a place in the script or in a file that it loads.
let goTo (name: string) (dispatch: Msg -> unit) (file: string) (line: int) (column: int) : unit =
    if file = Script.file name then
        dispatch (Jump { Line = line; Column = column })
    else
        dispatch (Show Loaded)
        JS.setTimeout (fun () -> Source.goTo file line) 50 |> ignore

let private entry name dispatch (index: int) (diagnostic: Diagnostic) : ReactElement =
    let place = $"{diagnostic.Line}:{diagnostic.Column}"

    Html.li [
        prop.key (string index)
        prop.children [
            Html.button [
                prop.type' "button"
                prop.className "fault-entry"
                prop.data ("severity", severity diagnostic)
                prop.onClick (fun _ -> goTo name dispatch diagnostic.File diagnostic.Line diagnostic.Column)
                prop.children [
                    Html.span [
                        prop.className "fault-place"
                        prop.text (
                            if diagnostic.File = Script.file name then
                                place
                            else
                                $"{diagnostic.File} {place}"
                        )
                    ]
                    Html.span [ prop.className "fault-code"; prop.text diagnostic.Code ]
                    Html.span [ prop.className "fault-text"; prop.text diagnostic.Text ]
                ]
            ]
        ]
    ]

let list name dispatch (diagnostics: Diagnostic list) : ReactElement =
    Html.ul [
        prop.className "fault-list"
        prop.children (List.mapi (entry name dispatch) diagnostics)
    ]

let private refused (model: Model) (dispatch: Msg -> unit) (refused: RefusedSource) : ReactElement =
    Html.section [
        prop.ariaLabel "The source that was refused"
        prop.children [
            Html.p [
                prop.className "studio-note"
                prop.children [
                    Html.text $"Version {refused.Version} was refused "
                    Clock.time {| at = refused.At |}
                    Html.text ". Its source is not kept; these are its lines:"
                ]
            ]
            list model.Name dispatch refused.Diagnostics
        ]
    ]

/// The state of the check as text.
let standing (model: Model) : string =
    match model.Found with
    | _ when not model.Admin -> "Only admins can have sources checked."
    | Some { Answer = Error reason } -> $"Not checked. {reason}"
    | _ when not (isChecked model) -> "Checking…"
    | _ when (diagnostics model).IsEmpty -> "No problems"
    | _ ->
        match faults model with
        | 0 -> "Warnings only"
        | 1 -> "1 fault"
        | count -> $"{count} faults"

let view (model: Model) (dispatch: Msg -> unit) : ReactElement =
    let found = diagnostics model

    Html.div [
        prop.children [
            if not found.IsEmpty then
                list model.Name dispatch found
            else
                Html.p [
                    prop.className "studio-note"
                    prop.text (
                        match standing model with
                        | "No problems" -> "No problems. The server has checked this text."
                        | other -> other
                    )
                ]
            match model.Details |> Option.bind _.Refused with
            | Some source -> refused model dispatch source
            | None -> ()
        ]
    ]
