/// The diagram component. The layout is computed once for a definition; when a run moves, only the content of the states and
/// transitions changes.
module GopherFlow.Client.Diagram.View

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Diagram.Props

importSideEffects "../Styles/drawing.css"
importSideEffects "@xyflow/react/dist/base.css"

module private Flow =
    [<Import("ReactFlow", "@xyflow/react")>]
    let reactFlow: obj = jsNative

    let nodeTypes = createObj [ "state", StateNode.kind ]
    let edgeTypes = createObj [ "transition", TransitionEdge.kind ]

/// The state that the Tab key reaches; the arrow keys reach the others.
let private firstOf (props: DiagramProps) =
    props.Selected |> Option.defaultWith (fun () -> Camera.focusOf props)

let private nodes (props: DiagramProps) (layout: Layout) : obj[] = [|
    let first = firstOf props

    for view in props.Picture.States do
        match layout.Boxes.TryFind view.Name with
        | None -> ()
        | Some box ->
            let data: StateNode.NodeData = {
                View = view
                Mode = props.Picture.Mode
                Selected = props.Selected = Some view.Name
                Focusable = props.Size = Screen
                First = view.Name = first
                Width = box.Width
                Select = props.Select
                OpenChildren = props.OpenChildren
            }

            let size = createObj [ "width", box.Width; "height", box.Height ]

            createObj [
                "id", Operators.box view.Name
                "type", Operators.box "state"
                "position", createObj [ "x", box.X; "y", box.Y ]
                "width", Operators.box box.Width
                "height", Operators.box box.Height
                // Set here, so that React Flow does not wait for a measurement and nothing jumps.
                "measured", size
                "data", Operators.box data
            ]
|]

let private edges (props: DiagramProps) (layout: Layout) : obj[] = [|
    for view in props.Picture.Transitions do
        let id = Transition.id view.Transition

        match routeOf layout view.Transition with
        | None -> ()
        | Some route ->
            let data: TransitionEdge.EdgeData = { View = view; Route = route }

            createObj [
                "id", box id
                "type", box "transition"
                "source", box view.Transition.From
                "target", box view.Transition.To
                "zIndex", box (if view.Times > 0 || view.Possible then 1 else 0)
                "data", box data
            ]
|]

let private summary (props: DiagramProps) : ReactElement =
    Html.div [
        prop.className "visually-hidden"
        prop.children [
            Html.ul [
                prop.ariaLabel $"Diagram of {props.Graph.Type} in words"
                prop.children [
                    for line in Summary.ofPicture (Instant.now ()) props.Graph props.Picture -> Html.li line
                ]
            ]
        ]
    ]

let private canvas (props: DiagramProps) (layout: Layout) (camera: Camera.Camera) : ReactElement =
    let isScreen = props.Size = Screen

    Interop.createElement (
        Flow.reactFlow,
        createObj [
            "nodes", box (nodes props layout)
            "edges", box (edges props layout)
            "nodeTypes", Flow.nodeTypes
            "edgeTypes", Flow.edgeTypes
            "onInit", box camera.Ready
            "onMove", box (System.Action<obj, obj>(fun _ viewport -> camera.Zoomed viewport?zoom))
            "onMoveStart",
            box (
                System.Action<obj, obj>(fun event _ ->
                    if not (isNullOrUndefined event) then
                        camera.Moved.current <- true)
            )
            "minZoom", box 0.05
            "maxZoom", box 2.5
            // Without a handler React Flow does not pass pointer events to the states.
            "onNodeClick", box (System.Action<obj, obj>(fun _ _ -> ()))
            "nodesDraggable", box false
            "nodesConnectable", box false
            "nodesFocusable", box false
            "edgesFocusable", box false
            "elementsSelectable", box false
            "panOnDrag", box isScreen
            "zoomOnScroll", box false
            "zoomOnDoubleClick", box isScreen
            "zoomOnPinch", box isScreen
            "preventScrolling", box false
            "proOptions", createObj [ "hideAttribution", true ]
            if isScreen && not camera.Fits then
                "children", box (Overview.view props.Picture layout camera.Centre)
        ]
    )

let private focusOn (frame: obj) (name: string) : unit =
    let nodes: obj[] =
        emitJsExpr frame "Array.from($0.querySelectorAll('.node[data-state]'))"

    nodes
    |> Array.tryFind (fun node -> node?dataset?state = name)
    |> Option.iter (fun node -> node?focus ())

/// Arrow keys move between states, plus and minus zoom, 0 fits the whole diagram.
let private pressed (props: DiagramProps) (layout: Layout) (camera: Camera.Camera) (event: obj) : unit =
    let act (action: unit -> unit) =
        event?preventDefault ()
        action ()

    let state: string option = event?target?dataset?state |> Option.ofObj

    if not (event?ctrlKey || event?metaKey || event?altKey) then
        match unbox<string> event?key, state with
        | ("+" | "="), _ -> act (fun () -> camera.Zoom "zoomIn")
        | "-", _ -> act (fun () -> camera.Zoom "zoomOut")
        | "0", _ -> act camera.ShowAll
        | key, Some from ->
            Steps.ofKey key
            |> Option.iter (fun arrow ->
                act (fun () ->
                    Steps.next layout props.Graph from arrow
                    |> Option.iter (focusOn camera.Frame.current)))
        | _ -> ()

let private focusName (props: DiagramProps) =
    if props.Picture.Mode = OfRun then
        "the current state"
    else
        "the start"

let diagram =
    React.functionComponent (
        "Diagram",
        fun (props: DiagramProps) ->
            let direction, setDirection =
                React.useState (
                    match props.Size with
                    | Screen -> ChosenDirection.current ()
                    | Card -> Right
                )

            let layout =
                React.useMemo ((fun () -> Layouts.layout direction props.Graph), [| box direction; box props.Graph |])

            let camera = Camera.useCamera props layout

            let turn () =
                let turned = if direction = Down then Right else Down
                ChosenDirection.choose turned
                setDirection turned

            Html.div [
                prop.ref camera.Frame
                prop.onFocus (fun event -> camera.Reveal event?target)
                if props.Size = Screen then
                    prop.onKeyDown (pressed props layout camera)
                prop.className (
                    match props.Size with
                    | Screen -> "diagram screen"
                    | Card -> "diagram card-size"
                )
                prop.testId $"diagram-{props.Graph.Type}"
                prop.data ("mode", Mode.word props.Picture.Mode)
                prop.data ("stale", (if props.Picture.Stale then "true" else "false"))
                prop.role "group"
                prop.ariaLabel $"Diagram of {props.Graph.Type}"
                prop.children [
                    summary props
                    canvas props layout camera

                    if props.Size = Screen then
                        Toolbar.view {
                            Direction = direction
                            Turn = turn
                            ZoomIn = fun () -> camera.Zoom "zoomIn"
                            ZoomOut = fun () -> camera.Zoom "zoomOut"
                            Fit = camera.ShowAll
                            Focus = camera.ShowFocus
                            FocusName = focusName props
                            FullScreen = fun () -> camera.Frame.current?requestFullscreen ()
                            Mermaid = props.Mermaid
                            Svg = fun () -> Export.svg props.Graph props.Picture layout
                            FileName = $"{props.Graph.Type}-v{props.Graph.Version}"
                        }

                        Legend.view props.Picture
                ]
            ]
    )
