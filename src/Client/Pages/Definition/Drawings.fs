/// The diagrams of a definition: with live counts, or compared with another version.
module GopherFlow.Client.Pages.Definition.Drawings

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let counted =
    React.functionComponent (
        "CountedDiagram",
        fun
            (props:
                {|
                    definition: Definition
                    counts: WorkflowCount list
                    selected: string option
                    select: string -> unit
                |}) ->
            let definition = props.definition
            let traffic = Queries.useTraffic definition.Name definition.Version

            let graph =
                React.useMemo ((fun () -> Graph.ofDefinition definition), [| definition |])

            Lazy.view {
                Graph = graph
                Picture =
                    Pictures.Counts.picture graph props.counts
                    |> Pictures.Counts.withTraffic (traffic.Data |> Option.defaultValue Map.empty)
                Mermaid = definition.FlowChart
                Size = Screen
                Selected = props.selected
                Select = Some props.select
                OpenChildren = None
            }
    )

let compared =
    React.functionComponent (
        "ComparedDiagram",
        fun
            (props:
                {|
                    definition: Definition
                    version: string
                    close: unit -> unit
                |}) ->
            let other = Queries.useDefinitionVersion props.definition.Name props.version

            shown "the other version" other (fun other ->
                let before, after = Update.inOrder props.definition other

                Html.fragment [
                    Html.div [
                        prop.className "filter-note comparison-note"
                        prop.role "status"
                        prop.children [
                            Html.span $"From {before.Version} to {after.Version}: {Update.differences before after}."
                            button Plain Icons.cross "Close the comparison" None props.close
                        ]
                    ]
                    Lazy.view {
                        Graph = Graph.ofComparison before after
                        Picture = Pictures.Comparison.picture before after
                        Mermaid = after.FlowChart
                        Size = Screen
                        Selected = None
                        Select = None
                        OpenChildren = None
                    }
                ])
    )
