/// A mini-map in the corner of a diagram that does not fit at a readable zoom.
module GopherFlow.Client.Diagram.Overview

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Diagram.Picture

[<Import("MiniMap", "@xyflow/react")>]
let private miniMap: obj = jsNative

let private widest, highest = 180.0, 200.0
let private thinnest = 56.0

/// As large as the proportions of the drawing allow.
let size (layout: Layout) : float * float =
    let scale = min (widest / layout.Width) (highest / layout.Height)
    max thinnest (layout.Width * scale), max thinnest (layout.Height * scale)

/// The CSS class for the colour of a state.
let private className (view: StateView) =
    $"map-state map-{StateType.wire view.Type} map-{Phase.word view.Phase}"

let view (picture: Picture) (layout: Layout) (goTo: Point -> unit) : ReactElement =
    let width, height = size layout

    let names =
        picture.States |> List.map (fun view -> view.Name, className view) |> Map.ofList

    Interop.createElement (
        miniMap,
        createObj [
            "key", box "overview"
            "position", box "bottom-right"
            "pannable", box true
            "zoomable", box true
            "ariaLabel", box "Overview"
            "style", createObj [ "width", width; "height", height ]
            "nodeBorderRadius", box 8
            "nodeClassName", box (fun (node: obj) -> names.TryFind node?id |> Option.defaultValue "map-state")
            "onClick", box (System.Action<obj, obj>(fun _ place -> goTo { X = place?x; Y = place?y }))
        ]
    )
