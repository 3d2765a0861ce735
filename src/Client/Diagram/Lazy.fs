/// The diagram as pages use it: its code and React Flow are fetched when the first one is drawn.
module GopherFlow.Client.Diagram.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private diagram =
    Fetched.part "the diagram" (fun () -> importValueDynamic View.diagram)

let view (props: DiagramProps) : ReactElement = diagram props
