/// Exports the diagram as an SVG file that does not depend on the page's styles, in the light colours.
module GopherFlow.Client.Diagram.Export

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Diagram.Layout

let private colour =
    function
    | Start -> "#5568FE"
    | Normal
    | StateType.Other _ -> "#B0C4DE"
    | Manual -> "#FFD93D"
    | StateType.Error -> "#FF6B6B"
    | End -> "#4ECDC4"

let private escape (text: string) =
    text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;")

let private node (box: Box) (view: StateView) : string list =
    let outline =
        match view.Phase with
        | Current -> "stroke=\"#0891b2\" stroke-width=\"3\""
        | Visited -> "stroke=\"#0891b2\" stroke-width=\"1.5\""
        | Next -> "stroke=\"#0891b2\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\""
        | Idle -> $"stroke=\"{colour view.Type}\" stroke-width=\"1.5\""

    let below =
        [
            StateType.wire view.Type
            yield! view.Rules
            if view.Visits > 1 then
                $"×{view.Visits}"
            if not view.Tally.IsEmpty then
                Tally.text view.Tally
            match view.Change with
            | Some change -> Changes.Change.text change
            | None -> ()
        ]
        |> String.concat " · "

    let lines = Label.lines columns view.Name

    [
        $"<g transform=\"translate({box.X} {box.Y})\">"
        $"<rect width=\"{box.Width}\" height=\"{box.Height}\" rx=\"8\" fill=\"{colour view.Type}\" fill-opacity=\"0.16\" {outline}/>"
        $"<rect x=\"8\" y=\"12\" width=\"4\" height=\"{box.Height - 24.0}\" rx=\"2\" fill=\"{colour view.Type}\"/>"
        for index, line in List.indexed lines do
            $"<text x=\"22\" y=\"{25 + 16 * index}\" font-weight=\"600\" font-size=\"13\" fill=\"#0f172a\">{escape line}</text>"
        $"<text x=\"22\" y=\"{26 + 16 * lines.Length}\" font-size=\"11\" fill=\"#475569\">{escape below}</text>"
        "</g>"
    ]

let private edge (route: Point list) (view: TransitionView) : string list =
    let stroke, width =
        if view.Times > 0 then
            "#0891b2", "2.5"
        else
            "#94a3b8", "1.5"

    [
        $"<path d=\"{Route.line route}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        $"<path d=\"{Route.arrow route}\" fill=\"{stroke}\"/>"
    ]

let svg (graph: Graph) (picture: Picture) (layout: Layout) : string =
    let size =
        $"width=\"{layout.Width}\" height=\"{layout.Height}\" viewBox=\"0 0 {layout.Width} {layout.Height}\""

    [
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" {size} font-family=\"system-ui, sans-serif\">"
        $"<title>{escape graph.Type}, version {graph.Version}</title>"
        for view in picture.Transitions do
            match layout.Routes.TryFind(Transition.id view.Transition) with
            | Some route -> yield! edge route view
            | None -> ()
        for view in picture.States do
            match layout.Boxes.TryFind view.Name with
            | Some box -> yield! node box view
            | None -> ()
        "</svg>"
    ]
    |> String.concat "\n"
