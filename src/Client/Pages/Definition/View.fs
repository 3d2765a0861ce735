/// One definition: its diagram with live counts is the page; under it the workflows of the state that is chosen.
module GopherFlow.Client.Pages.Definition.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Definition.Model

let private versionFact (definition: Definition) (versions: DefinitionVersion list) : ReactElement =
    fact "Version" [
        Html.span [
            prop.className "value"
            prop.title definition.Version
            prop.text definition.Version
        ]
        match versions |> List.tryFind _.Current with
        | Some current when current.Version = definition.Version ->
            Html.span [ prop.className "tag"; prop.text "current" ]
        | Some current ->
            link (Router.DefinitionVersion(definition.Name, current.Version)) $"not current, {current.Version} is"
        | None -> ()
    ]

let private facts (definition: Definition) (versions: DefinitionVersion list) (counts: WorkflowCount list option) =
    Html.dl [
        prop.className "facts"
        prop.children [
            versionFact definition versions
            textFact
                "Unfinished"
                (counts
                 |> Option.map (Update.tally definition None >> Update.unfinished)
                 |> Option.defaultValue "…")
            textFact "Retry" (Rules.retry definition.Retry)
            textFact
                "Runs on this server"
                (if definition.Registered then
                     "yes"
                 else
                     "no: its code is not here, or its script is disabled")
        ]
    ]

let private drawer (definition: Definition) : ReactElement =
    Html.details [
        prop.className "more-facts"
        prop.children [
            Html.summary "Details"
            Html.p [ prop.className "lead"; prop.text definition.Description ]
            Html.dl [
                prop.className "facts"
                prop.children [
                    textFact "Starts at" definition.InitialState
                    textFact "States" (string definition.States.Length)
                    fact "Created" [ Clock.time {| at = definition.Created |} ]
                    fact "Updated" [ Clock.time {| at = definition.Updated |} ]
                ]
            ]
        ]
    ]

let private compareChoice (definition: Definition) (versions: DefinitionVersion list) (model: Model) dispatch =
    match versions |> List.filter (fun version -> version.Version <> definition.Version) with
    | [] -> Html.none
    | others ->
        Html.select [
            prop.className (if model.Compared.IsSome then "filter active" else "filter")
            prop.ariaLabel "Compare with another version"
            prop.value (model.Compared |> Option.defaultValue "")
            prop.onChange (fun version ->
                dispatch (
                    if version = "" then
                        ComparisonClosed
                    else
                        ComparedWith version
                ))
            prop.children [
                yield Html.option [ prop.key ""; prop.value ""; prop.text "Compare with…" ]
                for other in others do
                    yield
                        Html.option [
                            prop.key other.Version
                            prop.value other.Version
                            prop.text $"Compare with {other.Version}"
                        ]
            ]
        ]

let private head (definition: Definition) versions counts (model: Model) dispatch : ReactElement =
    let runs =
        Router.Workflows {
            WorkflowFilter.empty with
                Type = definition.Name
        }

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
                            compareChoice definition versions model dispatch
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
            Html.div [
                prop.className "fact-rows"
                prop.children [ facts definition versions counts; drawer definition ]
            ]
        ]
    ]

let private counted =
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
                    Picture.ofCounts graph props.counts
                    |> Picture.withTraffic (traffic.Data |> Option.defaultValue Map.empty)
                Mermaid = definition.FlowChart
                Size = Screen
                Selected = props.selected
                Select = Some props.select
                OpenChildren = None
            }
    )

let private compared =
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
                    Lazy.ofComparison before after
                ])
    )

let private workflows =
    React.functionComponent (
        "WorkflowsOfState",
        fun
            (props:
                {|
                    definition: Definition
                    counts: WorkflowCount list
                    several: bool
                    model: Model
                    dispatch: Msg -> unit
                |}) ->
            let filter = Update.filter props.definition.Name props.model
            let page = Queries.useWorkflows filter

            let title, numbers =
                match props.model.Selected with
                | Some state ->
                    $"In {state}",
                    (match Update.tally props.definition (Some state) props.counts with
                     | [] -> "none on this version"
                     | tally -> $"{Tally.text tally} on this version")
                | None -> "Newest workflows", ""

            Html.section [
                prop.ariaLabel title
                prop.className "state-workflows"
                prop.children [
                    Html.div [
                        prop.className "section-head"
                        prop.children [
                            Html.h2 [ prop.title title; prop.text title ]
                            Html.span [ prop.className "faint"; prop.text numbers ]
                            if props.several then
                                Html.span [ prop.className "faint"; prop.text "The list has those of all versions." ]
                            link (Router.Workflows filter) "Open as a list"
                            if props.model.Selected.IsSome then
                                button Plain Icons.cross "All states" None (fun () -> props.dispatch StateLeft)
                        ]
                    ]
                    Html.div [
                        prop.className (if page.Previous then "results stale" else "results")
                        prop.children [
                            shown "workflows" page (fun page ->
                                if page.Workflows.IsEmpty then
                                    Basics.empty
                                        (match props.model.Selected with
                                         | Some state -> $"No workflow is in {state}."
                                         | None -> "No workflow of this type was started yet.")
                                        []
                                else
                                    Workflows.rows page)
                        ]
                    ]
                ]
            ]
    )

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
                    head definition known counts.Data model dispatch
                    match model.Compared with
                    | Some version ->
                        compared {|
                            definition = definition
                            version = version
                            close = fun () -> dispatch ComparisonClosed
                        |}
                    | None ->
                        counted {|
                            definition = definition
                            counts = counts.Data |> Option.defaultValue []
                            selected = model.Selected
                            select = StateClicked >> dispatch
                        |}

                        workflows {|
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
