/// Finished and failed workflows of the last hour, minute by minute.
module GopherFlow.Client.Charts.EndedChart

open System
open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Charts.Minutes

let private height = 200.0

[<Emit("getComputedStyle($0)[$1]")>]
let private computed (_element: obj) (_property: string) : string = jsNative

[<Emit("new ResizeObserver($0)")>]
let private resizeObserver (_changed: unit -> unit) : obj = jsNative

[<Emit("new MutationObserver($0)")>]
let private mutationObserver (_changed: unit -> unit) : obj = jsNative

/// The series of uPlot: seconds, workflows that ended, and those of them that failed, whose bars are drawn in front.
let private numbers (minutes: Minute list) : float[][] = [|
    minutes
    |> List.map (fun minute -> Instant.milliseconds minute.At / 1000.0)
    |> Array.ofList
    minutes
    |> List.map (fun minute -> minute.Finished + minute.Failed)
    |> Array.ofList
    minutes |> List.map _.Failed |> Array.ofList
|]

/// The current value of a page colour, because a canvas cannot use CSS variables.
let private ink (host: obj) (name: string) : obj =
    box (Func<string>(fun () -> computed (host?querySelector $"[data-ink='{name}']") "color"))

let private series (host: obj) (name: string) : obj =
    createObj [
        "label", name
        "stroke", ink host name
        "fill", ink host name
        "width", 0
        "points", createObj [ "show", false ]
        // A bar starts at the start of its minute.
        "paths", UPlot.bars (createObj [ "size", box [| 0.8; 16.0 |]; "align", 1 ])
    ]

let private axis (host: obj) (more: (string * obj) list) : obj =
    [
        "stroke", ink host "axis"
        "font", box "11px system-ui, sans-serif"
        "grid", createObj [ "stroke", ink host "grid"; "width", 1 ]
        "ticks", createObj [ "show", false ]
    ]
    @ more
    |> createObj

/// The scale starts at 0 and ends at 5 or more, so that one failure does not fill it.
let private range =
    Func<obj, float, float, float[]>(fun _ _ most -> [| 0.0; max 5.0 (most * 1.1) |])

let private hour =
    Func<obj, float, float, float[]>(fun _ first last -> [| first; last + 60.0 |])

/// The steps of an axis with whole numbers.
let private wholes = [|
    for power in 0.0 .. 6.0 do
        for unit in [ 1.0; 2.0; 5.0 ] -> unit * (10.0 ** power)
|]

let private options (host: obj) (width: float) (point: int option -> unit) : obj =
    createObj [
        "width", width
        "height", height
        "padding", box [| box 8; box 8; box 0; box 0 |]
        "legend", createObj [ "show", false ]
        "cursor",
        createObj [
            "y", false
            "points", createObj [ "show", false ]
            "drag", createObj [ "x", false; "y", false ]
        ]
        "scales", createObj [ "x", createObj [ "range", box hour ]; "y", createObj [ "range", box range ] ]
        "axes",
        box [|
            axis host [ "values", "{HH}:{mm}"; "size", 28; "space", 56 ]
            axis host [ "size", 36; "space", 32; "incrs", box wholes ]
        |]
        "series", box [| createObj []; series host "finished"; series host "failed" |]
        "hooks",
        createObj [
            "setCursor",
            box [|
                Func<obj, unit>(fun plot -> point (Option.ofObj (plot?cursor?idx: obj) |> Option.map unbox<int>))
            |]
        ]
    ]

/// Draws until disposed. The colours follow the theme, the width follows the container.
let private draw (host: obj) (minutes: Minute list) (point: int option -> unit) : UPlot.Plot * IDisposable =
    let width () : float = max 100.0 host?clientWidth
    let plot = UPlot.create (options host (width ()) point) (numbers minutes) host

    let sizes =
        resizeObserver (fun () -> plot.setSize {| width = width (); height = height |})

    let themes = mutationObserver plot.redraw
    let scheme: obj = Browser.window?matchMedia "(prefers-color-scheme: dark)"
    let schemes = Browser.listen scheme "change" (fun _ -> plot.redraw ())
    sizes?observe host
    themes?observe (Browser.document?documentElement, createObj [ "attributeFilter", box [| "data-theme" |] ])

    plot,
    React.createDisposable (fun () ->
        sizes?disconnect ()
        themes?disconnect ()
        schemes.Dispose()
        plot.destroy ())

let private legend (name: string) (text: string) (count: Count) : ReactElement =
    Html.span [
        prop.key name
        prop.className "chart-entry"
        prop.data ("ink", name)
        prop.children [
            Html.span [ prop.className "chart-text"; prop.text $"{Numbers.count count} {text}" ]
        ]
    ]

let private caption (minutes: Minute list) (pointed: int option) : ReactElement =
    let at = pointed |> Option.bind (fun index -> List.tryItem index minutes)

    let finished, failed, time =
        match at with
        | Some minute -> minute.Finished, minute.Failed, $"at {(Instant.exact minute.At).Substring(11, 5)}"
        | None -> Minutes.finished minutes, Minutes.failed minutes, "in the last hour"

    Html.div [
        prop.className "chart-legend"
        prop.children [
            legend "finished" "finished" finished
            legend "failed" "failed" failed
            Html.span [ prop.className "faint"; prop.text time ]
        ]
    ]

let view =
    React.functionComponent (
        "EndedChart",
        fun (props: {| minutes: Minute list |}) ->
            let host = React.useRef (null: obj)
            let plot = React.useRef (None: UPlot.Plot option)
            let pointed, point = React.useState (None: int option)

            React.useEffect (
                (fun () ->
                    let drawn, running = draw host.current props.minutes point
                    plot.current <- Some drawn
                    running),
                [||]
            )

            React.useEffect (
                (fun () -> plot.current |> Option.iter (fun plot -> plot.setData (numbers props.minutes))),
                [| box props.minutes |]
            )

            Html.div [
                prop.className "chart"
                prop.role "img"
                prop.ariaLabel
                    $"{Minutes.finished props.minutes} workflows finished and {Minutes.failed props.minutes} failed in the last hour"
                prop.children [
                    caption props.minutes pointed
                    Html.div [
                        prop.ref host
                        prop.className "chart-host"
                        prop.children [
                            for name in [ "finished"; "failed"; "axis"; "grid" ] ->
                                Html.span [ prop.key name; prop.data ("ink", name); prop.hidden true ]
                        ]
                    ]
                ]
            ]
    )
