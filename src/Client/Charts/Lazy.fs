/// The charts as pages use them: their code and uPlot are fetched when the first one is drawn.
module GopherFlow.Client.Charts.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Charts.Minutes

let private chart =
    Fetched.part "the chart" (fun () -> importValueDynamic EndedChart.view)

let ended (minutes: Minute list) : ReactElement = chart {| minutes = minutes |}
