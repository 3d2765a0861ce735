/// The page of one definition: its diagram with live counts, and under it the workflows of the selected state.
module GopherFlow.Client.Pages.Definition.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Definition.Model

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
            let model, change = React.useStateWithUpdater initial
            let dispatch msg = change (Update.update msg)
            let versions = Queries.useVersions definition.Name
            let counts = Queries.useCounts ()
            let known = versions.Data |> Option.defaultValue []
            let rows = List.map VersionTable.ofDefinition known

            Html.div [
                prop.className "run with-table"
                prop.children [
                    Head.view definition known counts.Data model dispatch
                    match model.Compared with
                    | Some version ->
                        Drawings.compared {|
                            definition = definition
                            version = version
                            close = fun () -> dispatch ComparisonClosed
                        |}
                    | None ->
                        Drawings.counted {|
                            definition = definition
                            counts = counts.Data |> Option.defaultValue []
                            selected = model.Selected
                            select = StateClicked >> dispatch
                        |}

                        StateWorkflows.view {|
                            definition = definition
                            counts = counts.Data |> Option.defaultValue []
                            several = known.Length > 1
                            model = model
                            dispatch = dispatch
                        |}
                    StateTable.view definition
                    Html.h2 "Versions"
                    shown "the versions" versions (fun _ ->
                        VersionTable.view
                            definition.Name
                            (MoveVersions.action props.session (MoveOpened >> dispatch))
                            rows)
                    MoveVersions.dialog definition.Name rows model.Moving (fun () -> dispatch MoveClosed)
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
