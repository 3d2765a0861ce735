/// One definition: its diagram, what it says of itself, its states.
module GopherFlow.Client.Pages.Definition

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.ScriptTypes
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
                    prop.data ("type", state.Type)
                    prop.text (state.Type)
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
                     "no: this server does not have its code, or its script is disabled")
            fact "Created" [ Clock.time {| at = definition.Created |} ]
            fact "Updated" [ Clock.time {| at = definition.Updated |} ]
        ]
    ]

/// That this is not the version on which new workflows start.
let private older (definition: Definition) (versions: DefinitionVersion list) : ReactElement =
    match versions |> List.tryFind _.Current with
    | Some current when current.Version <> definition.Version ->
        Html.div [
            prop.className "consequence"
            prop.children [
                Html.text $"Version {definition.Version} is not the current one. New workflows start on "
                link (Router.Definition definition.Name) $"version {current.Version}"
                Html.text "."
            ]
        ]
    | _ -> Html.none

let private head (definition: Definition) (versions: DefinitionVersion list) : ReactElement =
    let runs =
        Router.Workflows(WorkflowFilter.where [ WorkflowFilter.Field.Type, definition.Name ])

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
            older definition versions
        ]
    ]

let private content =
    React.functionComponent (
        "DefinitionContent",
        fun
            (props:
                {|
                    definition: Definition
                    session: Session
                |}) ->
            let definition = props.definition
            let versions = Queries.useVersions definition.Name
            let known = versions.Data |> Option.defaultValue []
            let rows = List.map VersionTable.ofDefinition known
            let moving, move = React.useState (None: string option)

            Html.div [
                prop.className "run with-table"
                prop.children [
                    head definition known
                    Lazy.ofDefinition Screen definition
                    states definition
                    Html.h2 "Versions"
                    shown "the versions" versions (fun _ ->
                        VersionTable.view definition.Name (MoveVersions.action props.session (Some >> move)) rows)
                    MoveVersions.dialog definition.Name rows moving (fun () -> move None)
                ]
            ]
    )

let private newest =
    React.functionComponent (
        "NewestDefinition",
        fun (props: {| name: string; session: Session |}) ->
            let definition = Queries.useDefinition props.name

            shown "the definition" definition (fun definition ->
                content {|
                    definition = definition
                    session = props.session
                |})
    )

let private ofVersion =
    React.functionComponent (
        "DefinitionVersion",
        fun
            (props:
                {|
                    name: string
                    version: string
                    session: Session
                |}) ->
            let definition = Queries.useDefinitionVersion props.name props.version

            shown "the definition" definition (fun definition ->
                content {|
                    definition = definition
                    session = props.session
                |})
    )

let view
    (props:
        {|
            name: string
            version: string option
            session: Session
            key: string
        |})
    : ReactElement =
    match props.version with
    | Some version ->
        ofVersion {|
            name = props.name
            version = version
            session = props.session
        |}
    | None ->
        newest {|
            name = props.name
            session = props.session
        |}
