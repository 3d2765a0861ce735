/// A read-only source: its lines with numbers, and diagnostics at their places.
module GopherFlow.Client.Parts.Source

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api.ScriptTypes

/// A part of a line, marked when a diagnostic covers it.
type Piece = { Text: string; Marked: bool }

let lines (text: string) : string list =
    text.Replace("\r\n", "\n").TrimEnd('\n').Split '\n' |> List.ofArray

/// The characters of a line that a diagnostic covers: from and to, counted from 0, the end excluded.
let private span (number: int) (length: int) (diagnostic: Diagnostic) : (int * int) option =
    if number < diagnostic.Line || number > diagnostic.EndLine then
        None
    else
        let from =
            if number = diagnostic.Line then
                diagnostic.Column - 1
            else
                0

        let until =
            if number = diagnostic.EndLine then
                diagnostic.EndColumn - 1
            else
                length

        // An empty range, or one behind the end of the line, marks the nearest character.
        let from = max 0 (min from (length - 1))
        Some(from, min length (max until (from + 1)))

/// Splits a line into marked and unmarked pieces.
let pieces (diagnostics: Diagnostic list) (number: int) (line: string) : Piece list =
    let spans = diagnostics |> List.choose (span number line.Length)

    let isMarked index =
        spans |> List.exists (fun (from, until) -> index >= from && index < until)

    let add (letter: char, marked: bool) (found: Piece list) =
        match found with
        | piece :: rest when piece.Marked = marked ->
            {
                piece with
                    Text = $"{letter}{piece.Text}"
            }
            :: rest
        | _ ->
            {
                Text = string letter
                Marked = marked
            }
            :: found

    if spans.IsEmpty then
        [ { Text = line; Marked = false } ]
    else
        List.foldBack add (line |> Seq.mapi (fun index letter -> letter, isMarked index) |> List.ofSeq) []

let lineId (file: string) (number: int) = $"{file}-{number}"

let private severity (diagnostic: Diagnostic) =
    match Severity.ofWire diagnostic.Severity with
    | Fault -> "error"
    | Warning -> "warning"
    | Info -> "info"

let private note (diagnostic: Diagnostic) : ReactElement =
    Html.div [
        prop.className "source-note"
        prop.data ("severity", severity diagnostic)
        prop.children [
            Html.code diagnostic.Code
            Html.span $" column {diagnostic.Column}: {diagnostic.Text}"
        ]
    ]

let private row (file: string) (diagnostics: Diagnostic list) (number: int) (line: string) : ReactElement =
    let here = diagnostics |> List.filter (fun diagnostic -> diagnostic.Line = number)

    Html.li [
        prop.key (string number)
        prop.id (lineId file number)
        prop.tabIndex -1
        prop.className (if here.IsEmpty then "source-line" else "source-line faulty")
        prop.children [
            Html.span [ prop.className "line-number"; prop.ariaHidden true; prop.text number ]
            Html.span [
                prop.className "line-text"
                prop.children [
                    for piece in pieces diagnostics number line ->
                        Html.span [
                            if piece.Marked then
                                prop.className "marked"
                            prop.text piece.Text
                        ]
                ]
            ]
            yield! List.map note here
        ]
    ]

/// Scrolls to a line and focuses it.
let goTo (file: string) (number: int) : unit =
    let element = Browser.document?getElementById (lineId file number)

    if not (isNullOrUndefined element) then
        element?scrollIntoView (createObj [ "block", "center" ])
        element?focus (createObj [ "preventScroll", true ])

let view (file: string) (text: string) (diagnostics: Diagnostic list) : ReactElement =
    let here = diagnostics |> List.filter (fun diagnostic -> diagnostic.File = file)

    Html.ol [
        prop.className "source"
        prop.ariaLabel $"Source of {file}"
        prop.children (lines text |> List.mapi (fun index line -> row file here (index + 1) line))
    ]
