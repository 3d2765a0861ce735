/// One definition: its diagram, what it says of itself, its states.
module GopherFlow.Client.Pages.Definition

open Feliz
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private stateRow (state: State) : ReactElement =
    Html.tr [
        prop.key state.Name
        prop.children [
            Html.td state.Name
            Html.td [
                Html.span [
                    prop.className "type-mark"
                    prop.data ("type", StateType.wire state.Type)
                    prop.text (StateType.wire state.Type)
                ]
            ]
            Html.td (String.concat ", " state.GoesTo)
            Html.td (state.Retry |> Option.map Picture.retryText |> Option.defaultValue "–")
            Html.td (state.TimeoutSeconds |> Option.map duration |> Option.defaultValue "–")
        ]
    ]

let private states (definition: Definition) : ReactElement =
    Html.div [
        prop.className "table-frame"
        prop.children [
            Html.table [
                prop.children [
                    Html.thead [
                        Html.tr [
                            for name in [ "State"; "Type"; "Goes to"; "Retry"; "Timeout" ] ->
                                Html.th [ prop.key name; prop.scope "col"; prop.text name ]
                        ]
                    ]
                    Html.tbody (List.map stateRow definition.States)
                ]
            ]
        ]
    ]

let private facts (definition: Definition) : ReactElement =
    Html.dl [
        prop.className "facts"
        prop.children [
            textFact "Version" definition.Version
            textFact "Starts at" definition.InitialState
            textFact "Retry" (Picture.retryText definition.Retry)
            textFact
                "Runs on this server"
                (if definition.Registered then
                     "yes"
                 else
                     "no, its code is not registered here")
            fact "Created" [ Clock.time {| at = definition.Created |} ]
            fact "Updated" [ Clock.time {| at = definition.Updated |} ]
        ]
    ]

let private content (definition: Definition) : ReactElement =
    let runs =
        Router.Workflows {
            WorkflowFilter.empty with
                Type = definition.Name
        }

    Html.div [
        prop.className "run with-table"
        prop.children [
            Html.header [
                prop.className "run-head"
                prop.children [
                    Html.div [
                        prop.className "run-title"
                        prop.children [
                            Html.h1 definition.Name
                            Html.div [
                                prop.className "moves"
                                prop.children [
                                    linkWith runs [
                                        prop.className "button"
                                        prop.children [ Icons.list; Html.text "Workflows of this type" ]
                                    ]
                                    linkWith (Router.Start definition.Name) [
                                        prop.className "button primary"
                                        prop.children [ Icons.play; Html.text "Start workflow" ]
                                    ]
                                ]
                            ]
                        ]
                    ]
                    Html.p [ prop.className "lead"; prop.text definition.Description ]
                    facts definition
                ]
            ]
            Lazy.ofDefinition Screen definition
            states definition
        ]
    ]

let view =
    React.functionComponent (
        "Definition",
        fun (props: {| name: string; key: string |}) ->
            let definition = Queries.useDefinition props.name
            shown "the definition" definition content
    )
