/// The buttons of a diagram: direction, zoom, fit, full screen, copy as Mermaid, save as SVG.
module GopherFlow.Client.Diagram.Toolbar

open Feliz
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram.Layout

type Tools = {
    Direction: Direction
    Turn: unit -> unit
    ZoomIn: unit -> unit
    ZoomOut: unit -> unit
    Fit: unit -> unit
    Focus: unit -> unit
    /// The name of the focus: "the current state" or "the start".
    FocusName: string
    FullScreen: unit -> unit
    Mermaid: string
    Svg: unit -> string
    FileName: string
}

let private tool (icon: ReactElement) (name: string) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.key name
        prop.type' "button"
        prop.className "tool"
        prop.title name
        prop.ariaLabel name
        prop.onClick (fun _ -> act ())
        prop.children [ icon ]
    ]

let private wordTool (icon: ReactElement) (text: string) (name: string) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.key name
        prop.type' "button"
        prop.className "tool worded"
        prop.title name
        prop.onClick (fun _ -> act ())
        prop.children [ icon; Html.text text ]
    ]

let view =
    React.functionComponent (
        "Toolbar",
        fun (tools: Tools) ->
            let copied, setCopied = React.useState false

            let copy () =
                Browser.Clipboard.tryCopy tools.Mermaid
                |> map (fun isCopied ->
                    setCopied isCopied
                    Fable.Core.JS.setTimeout (fun () -> setCopied false) 1500 |> ignore)
                |> start

            let turn =
                match tools.Direction with
                | Down -> "Lay out from left to right"
                | Right -> "Lay out from top to bottom"

            Html.div [
                prop.className "toolbar"
                prop.role "toolbar"
                prop.ariaLabel "Diagram"
                prop.children [
                    tool Icons.zoomIn "Zoom in (+, or Ctrl and wheel)" tools.ZoomIn
                    tool Icons.zoomOut "Zoom out (−, or Ctrl and wheel)" tools.ZoomOut
                    tool Icons.fit "Fit all (0)" tools.Fit
                    tool Icons.focus $"Focus on {tools.FocusName}" tools.Focus
                    tool Icons.full "Full screen" tools.FullScreen
                    tool Icons.turn turn tools.Turn
                    wordTool Icons.copy (if copied then "Copied" else "Mermaid") "Copy as Mermaid text" copy
                    wordTool Icons.save "SVG" "Save as an SVG file" (fun () ->
                        Browser.Download.save $"{tools.FileName}.svg" "image/svg+xml" (tools.Svg()))
                ]
            ]
    )
