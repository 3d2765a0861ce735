/// Shows the differences of two texts line by line, without long unchanged parts.
module GopherFlow.Client.Parts.Comparison

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Api.ScriptTypes

/// A part of a comparison.
type Part =
    | Shown of DifferenceLine list
    | LeftOut of count: int

/// The number of unchanged lines shown before and after a change.
let private around = 3

/// For each line, the distance to the last change before it.
let private distances (lines: DifferenceLine list) : int list =
    lines
    |> List.scan (fun distance line -> if LineKind.ofWire line.Kind = Same then distance + 1 else 0) (around + 1)
    |> List.tail

/// The groups of lines to show, and the number of lines left out between them.
let parts (lines: DifferenceLine list) : Part list =
    let behind = distances lines
    let before = lines |> List.rev |> distances |> List.rev

    let isShown =
        List.map2 (fun behind before -> behind <= around || before <= around) behind before

    let add (line, shown) (found: Part list) =
        match shown, found with
        | true, Shown group :: rest -> Shown(line :: group) :: rest
        | true, _ -> Shown [ line ] :: found
        | false, LeftOut count :: rest -> LeftOut(count + 1) :: rest
        | false, _ -> LeftOut 1 :: found

    List.foldBack add (List.zip lines isShown) []

let private mark (kind: LineKind) =
    match kind with
    | Same -> " "
    | Removed -> "−"
    | Added -> "+"

let private number (line: int option) : ReactElement =
    Html.span [
        prop.className "line-number"
        prop.text (line |> Option.map string |> Option.defaultValue "")
    ]

let private row (line: DifferenceLine) : ReactElement =
    Html.li [
        prop.className "diff-line"
        prop.data ("kind", line.Kind)
        prop.children [
            number line.OldLine
            number line.NewLine
            Html.span [ prop.className "diff-mark"; prop.text (mark (LineKind.ofWire line.Kind)) ]
            Html.span [ prop.className "line-text"; prop.text line.Text ]
        ]
    ]

let private part (part: Part) : ReactElement list =
    match part with
    | Shown lines -> List.map row lines
    | LeftOut count -> [
        Html.li [
            prop.className "diff-gap"
            prop.text (
                if count = 1 then
                    "1 line is the same"
                else
                    $"{count} lines are the same"
            )
        ]
      ]

let view (file: FileDifference) : ReactElement =
    let changed =
        file.Lines |> List.filter (fun line -> LineKind.ofWire line.Kind <> Same)

    Html.section [
        prop.key file.File
        prop.className "diff"
        prop.ariaLabel $"Differences in {file.File}"
        prop.children [
            Html.div [ prop.className "diff-head"; prop.text file.File ]
            if changed.IsEmpty then
                Html.p [
                    prop.className "faint pad"
                    prop.text "This file is the same in both versions."
                ]
            else
                Html.ol [
                    prop.className "source"
                    prop.children (parts file.Lines |> List.collect part)
                ]
        ]
    ]
