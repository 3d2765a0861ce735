/// What the colours and lines of the diagram mean.
module GopherFlow.Client.Diagram.Legend

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Api.Types

let private entry (className: string) (kind: string) (text: string) : ReactElement =
    Html.span [
        prop.key text
        prop.className "legend-entry"
        prop.children [
            Html.span [ prop.className className; prop.data ("type", kind) ]
            Html.text text
        ]
    ]

let view (isRun: bool) : ReactElement =
    Html.div [
        prop.className "legend"
        prop.ariaHidden true
        prop.children [
            for name, _ in StateType.all do
                entry "legend-type" name name

            if isRun then
                entry "legend-line taken" "" "Path taken"
                entry "legend-line possible" "" "May come next"
                entry "legend-line by-hand" "" "Moved by hand"
        ]
    ]
