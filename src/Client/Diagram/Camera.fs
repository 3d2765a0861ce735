/// Moves the view of a diagram: to the best view when its frame, its layout or its current state changes, until the user moves
/// it; and to the state that keyboard navigation reaches.
module GopherFlow.Client.Diagram.Camera

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Diagram.Props
open GopherFlow.Client.Diagram.Viewport

type Camera = {
    /// The element around the diagram.
    Frame: IRefValue<obj>
    /// The React Flow instance, once it exists.
    Flow: IRefValue<obj>
    /// Whether the user has moved the view.
    Moved: IRefValue<bool>
    /// Whether the whole diagram is visible at a useful zoom.
    Fits: bool
    Ready: obj -> unit
    /// The zoom that React Flow reports.
    Zoomed: float -> unit
    Zoom: string -> unit
    ShowAll: unit -> unit
    /// Shows the focus, and follows it again.
    ShowFocus: unit -> unit
    Centre: Point -> unit
    Reveal: obj -> unit
}

let private frameOf (size: Size) (element: obj) : Frame =
    let width, height = element?clientWidth, element?clientHeight

    match size with
    | Screen -> {
        Width = width
        Height = height
        Top = 52.0
        Bottom = 36.0
        Side = 16.0
        // Names are readable.
        Smallest = 0.42
        Comfortable = 0.85
      }
    | Card -> {
        Width = width
        Height = height
        Top = 4.0
        Bottom = 4.0
        Side = 4.0
        // The shape is recognisable.
        Smallest = 0.2
        Comfortable = 0.6
      }

let private movement (milliseconds: int) : obj =
    let still: bool =
        Browser.window?matchMedia("(prefers-reduced-motion: reduce)")?matches

    createObj [ "duration", box (if still then 0 else milliseconds) ]

let private set (flow: obj) (viewport: Viewport) (milliseconds: int) : unit =
    flow?setViewport (createObj [ "x", viewport.X; "y", viewport.Y; "zoom", viewport.Zoom ], movement milliseconds)

/// CSS decides by these attributes how much the states show, so no state is rendered again while the zoom changes.
let private tell (frame: obj) (zoom: float) : unit =
    frame?dataset?zoom <-
        (match detail zoom with
         | Block -> "block"
         | Name -> "name"
         | All -> "all")

    frame?style?setProperty("--zoom", string (System.Math.Round(zoom * 50.0) / 50.0 |> max 0.02))

/// The focus: the current state of a run, or else the start.
let focusOf (props: DiagramProps) : string =
    props.Picture.States
    |> List.tryFind (fun view -> view.Phase = Current)
    |> Option.map _.Name
    |> Option.defaultValue props.Graph.Initial

let useCamera (props: DiagramProps) (layout: Layout) : Camera =
    let frame = React.useRef (null: obj)
    let flow = React.useRef (null: obj)
    let moved = React.useRef false
    let allFits, setFits = React.useState true
    let focus = focusOf props

    // The observer of the frame's size outlives a render and needs the latest values.
    let latest = React.useRef (layout, focus)
    latest.current <- (layout, focus)

    let withView (act: Frame -> Layout -> unit) =
        if not (isNullOrUndefined flow.current || isNullOrUndefined frame.current) then
            act (frameOf props.Size frame.current) (fst latest.current)

    let settle (milliseconds: int) =
        withView (fun frame layout ->
            setFits (fits frame layout)

            if not moved.current then
                let focus = layout.Boxes.TryFind(snd latest.current)
                set flow.current (best frame layout focus) milliseconds)

    React.useEffect ((fun () -> settle 200), [| box focus |])

    React.useEffect (
        (fun () ->
            moved.current <- false
            settle 0),
        [| box layout |]
    )

    React.useEffect (
        (fun () ->
            let observer: obj = emitJsExpr (fun () -> settle 0) "new ResizeObserver($0)"
            observer?observe frame.current
            React.createDisposable (fun () -> (observer?disconnect (): unit))),
        [||]
    )

    {
        Frame = frame
        Flow = flow
        Moved = moved
        Fits = allFits
        Zoomed =
            fun zoom ->
                if not (isNullOrUndefined frame.current) then
                    tell frame.current zoom
        Ready =
            fun instance ->
                flow.current <- instance
                settle 0
        Zoom =
            fun way ->
                moved.current <- true
                flow.current?(way) (movement 120)
        ShowAll =
            fun () ->
                moved.current <- true
                withView (fun frame layout -> set flow.current (whole frame layout) 200)
        ShowFocus =
            fun () ->
                moved.current <- false

                withView (fun frame layout ->
                    layout.Boxes.TryFind(snd latest.current)
                    |> Option.iter (fun focus -> set flow.current (around frame layout focus) 200))
        Centre =
            fun place ->
                moved.current <- true
                let zoom: float = flow.current?getZoom ()

                flow.current?setCenter (
                    place.X,
                    place.Y,
                    createObj [ "zoom", box (max zoom 0.85); "duration", box 200 ]
                )
        Reveal =
            fun target ->
                let name: string = target?dataset?state

                if target?matches ":focus-visible" && not (isNullOrUndefined name) then
                    withView (fun frame layout ->
                        let now = flow.current?getViewport ()

                        let viewport = {
                            X = now?x
                            Y = now?y
                            Zoom = now?zoom
                        }

                        layout.Boxes.TryFind name
                        |> Option.iter (fun box -> set flow.current (showing frame layout viewport box) 120))
    }
