/// The diagram as pages use it: its code and React Flow are fetched when the first one is drawn.
module GopherFlow.Client.Diagram.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private diagram = React.lazy' (fun () -> importValueDynamic View.diagram)

let view (props: DiagramProps) : ReactElement =
    React.suspense ([ diagram props ], Basics.loading "the diagram")

let ofDefinition (size: Size) (definition: Definition) : ReactElement =
    let graph = Graph.ofDefinition definition

    view {
        Graph = graph
        Picture = Pictures.Definition.picture graph
        Mermaid = definition.FlowChart
        Size = size
        Selected = None
        Select = None
        OpenChildren = None
    }

/// What is between two versions.
let ofComparison (before: Definition) (after: Definition) : ReactElement =
    view {
        Graph = Graph.ofComparison before after
        Picture = Pictures.Comparison.picture before after
        Mermaid = after.FlowChart
        Size = Screen
        Selected = None
        Select = None
        OpenChildren = None
    }
