/// One transition of the diagram, drawn along its route.
module GopherFlow.Client.Diagram.TransitionEdge

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Diagram.Layout

type EdgeData = {
    View: TransitionView
    Route: Point list
}

let private label (data: EdgeData) : ReactElement =
    match Route.label (Transition.isLoop data.View.Transition) data.Route with
    | Some place when data.View.Times > 1 ->
        Svg.text [
            svg.className "edge-count"
            prop.custom ("x", place.X)
            prop.custom ("y", place.Y)
            prop.custom ("textAnchor", "middle")
            prop.custom ("dominantBaseline", "central")
            prop.text $"×{data.View.Times}"
        ]
    | _ -> Html.none

/// The thickness, from 0 to 4.
let private traffic (view: TransitionView) : int = int (ceil (view.Traffic * 4.0))

let private draw (data: EdgeData) : ReactElement =
    Svg.g [
        svg.className "edge"
        prop.testId $"edge-{Transition.id data.View.Transition}"
        prop.data ("taken", (if data.View.Times > 0 then "true" else "false"))
        prop.data ("declared", (if data.View.Declared then "true" else "false"))
        prop.data ("undoes", (if data.View.Transition.Undoes then "true" else "false"))
        prop.data ("possible", (if data.View.Possible then "true" else "false"))
        prop.data ("traffic", string (traffic data.View))
        match data.View.Change with
        | Some change -> prop.data ("change", Changes.Change.word change)
        | None -> ()
        svg.children [
            Svg.path [ svg.className "edge-line"; svg.d (Route.line data.Route) ]
            Svg.path [ svg.className "edge-arrow"; svg.d (Route.arrow data.Route) ]
            label data
        ]
    ]

let kind: obj =
    React.memoKind (
        "TransitionEdge",
        (fun (props: {| data: EdgeData |}) -> draw props.data),
        fun before after -> before.data = after.data
    )
