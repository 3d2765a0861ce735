/// Loads the code of the diagram and React Flow when the first diagram is shown.
module GopherFlow.Client.Diagram.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private diagram =
    Fetched.part "the diagram" (fun () -> importValueDynamic View.diagram)

let view (props: DiagramProps) : ReactElement = diagram props
