/// All definitions: a card for each, with a small diagram.
module GopherFlow.Client.Pages.Definitions

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private diagram (definition: Definition) : ReactElement =
    let graph = Graph.ofDefinition definition

    Lazy.view {
        Graph = graph
        Picture = Pictures.Definition.picture graph
        Mermaid = definition.FlowChart
        Size = Card
        Selected = None
        Select = None
        OpenChildren = None
    }

let private card (definition: Definition) : ReactElement =
    Html.article [
        prop.key definition.Name
        prop.className "card definition"
        prop.children [
            Html.div [
                prop.className "definition-head"
                prop.children [
                    Html.h2 [ prop.children [ link (Router.Definition definition.Name) definition.Name ] ]
                    Html.span [ prop.className "faint"; prop.text $"version {definition.Version}" ]
                    linkWith (Router.Start definition.Name) [ prop.className "button"; prop.text "Start" ]
                ]
            ]
            Html.p [ prop.className "faint"; prop.text definition.Description ]
            diagram definition
        ]
    ]

let view =
    React.functionComponent (
        "Definitions",
        fun (_: {| session: Session |}) ->
            let definitions = Queries.useDefinitions ()

            Html.div [
                prop.className "page"
                prop.children [
                    Html.header [ prop.className "page-head"; prop.children [ Html.h1 "Definitions" ] ]
                    shown "definitions" definitions (fun definitions ->
                        if definitions.IsEmpty then
                            Basics.empty "There are no definitions yet." [
                                Html.p "They appear when an application that registers workflows has started."
                            ]
                        else
                            Html.div [ prop.className "cards"; prop.children (List.map card definitions) ])
                ]
            ]
    )
