/// The part of uPlot that the charts use. It is loaded with the first chart.
module GopherFlow.Client.Charts.UPlot

open Fable.Core
open Fable.Core.JsInterop

importSideEffects "uplot/dist/uPlot.min.css"

type Plot =
    abstract setData: numbers: float[][] -> unit
    abstract setSize: size: {| width: float; height: float |} -> unit
    abstract redraw: unit -> unit
    abstract destroy: unit -> unit

module private Imported =
    [<Import("default", "uplot"); Emit("new $0($1, $2, $3)")>]
    let create (_options: obj) (_numbers: float[][]) (_element: obj) : Plot = jsNative

    [<Import("default", "uplot"); Emit("$0.paths.bars($1)")>]
    let bars (_options: obj) : obj = jsNative

let create (options: obj) (numbers: float[][]) (element: obj) : Plot = Imported.create options numbers element

/// Draws a series as bars.
let bars (options: obj) : obj = Imported.bars options
