/// Loads the code of the charts and uPlot when the first chart is shown.
module GopherFlow.Client.Charts.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Charts.Minutes

let private chart =
    Fetched.part "the chart" (fun () -> importValueDynamic EndedChart.view)

let ended (minutes: Minute list) : ReactElement = chart {| minutes = minutes |}
