/// The legend: the meaning of the colours and lines of the diagram.
module GopherFlow.Client.Diagram.Legend

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Picture

let private entry (className: string) (kind: string) (text: string) : ReactElement =
    Html.span [
        prop.key text
        prop.className "legend-entry"
        prop.children [
            Html.span [ prop.className className; prop.data ("type", kind) ]
            Html.text text
        ]
    ]

let private group (group: Tally.Group) : ReactElement =
    Html.span [
        prop.key (Tally.Group.word group)
        prop.className "legend-entry"
        prop.children [
            Html.span [ prop.className "legend-dot"; prop.data ("group", Tally.Group.word group) ]
            Html.text (Tally.Group.word group)
        ]
    ]

let private ofMode (mode: Mode) : ReactElement list =
    match mode with
    | OfDefinition -> []
    | OfCounts ->
        ([ Tally.Failing; Tally.Resting; Tally.Running; Tally.Ended ] |> List.map group)
        @ [ entry "legend-line traffic" "" "Taken since this page was opened" ]
    | OfRun -> [
        entry "legend-line taken" "" "Path taken"
        entry "legend-line possible" "" "May come next"
        entry "legend-line by-hand" "" "Moved by hand"
      ]
    | OfComparison -> [
        entry "legend-change added" "" "Added"
        entry "legend-change removed" "" "Removed"
        entry "legend-change changed" "" "Changed"
      ]

/// The entry that only diagrams with undoing states have.
let private ofUndoing (picture: Picture) : ReactElement list =
    if picture.Transitions |> List.exists _.Transition.Undoes then
        [ entry "legend-line undoes" "" "Undone by" ]
    else
        []

let view (picture: Picture) : ReactElement =
    Html.div [
        prop.className "legend"
        prop.ariaHidden true
        prop.children [
            for name, _ in StateType.all do
                entry "legend-type" name name

            yield! ofMode picture.Mode
            yield! ofUndoing picture
        ]
    ]
