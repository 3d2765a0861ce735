/// The diagram as pages use it: its code and React Flow are fetched when the first one is drawn.
module GopherFlow.Client.Diagram.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private diagram = React.lazy' (fun () -> importValueDynamic View.diagram)

let view (props: DiagramProps) : ReactElement =
    React.suspense ([ diagram props ], Basics.loading "the diagram")
