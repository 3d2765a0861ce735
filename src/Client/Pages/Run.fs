/// The diagram of one run, on its own page or, for a child, on its parent's page.
module GopherFlow.Client.Pages.Run

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

/// Draws the picture of a run. A large diagram shows the children on the state that waits for them, and lists them beside it on
/// demand.
let drawing =
    React.functionComponent (
        "RunDrawing",
        fun
            (props:
                {|
                    workflow: Workflow
                    graph: Graph.Graph
                    mermaid: string
                    picture: Picture.Picture
                    isNow: bool
                    size: Size
                    selected: string option
                    select: (string -> unit) option
                |}) ->
            let isScreen = props.size = Screen
            let children = Queries.useChildrenWhen isScreen props.workflow.Id
            let opened, setOpened = React.useState false

            let picture =
                React.useMemo (
                    (fun () ->
                        if props.isNow then
                            Pictures.Run.withChildren (Option.defaultValue [] children.Data) props.picture
                        else
                            props.picture),
                    [| box props.picture; box props.isNow; box children.Data |]
                )

            let drawn =
                Lazy.view {
                    Graph = props.graph
                    Picture = picture
                    Mermaid = props.mermaid
                    Size = props.size
                    Selected = props.selected
                    Select = props.select
                    OpenChildren = if isScreen then Some(fun () -> setOpened true) else None
                }

            if isScreen then
                Html.div [
                    prop.className "diagram-place"
                    prop.data ("beside", (if opened then "true" else "false"))
                    prop.children [
                        drawn
                        if opened then
                            ChildrenBeside.view (Option.defaultValue [] children.Data) (fun () -> setOpened false)
                    ]
                ]
            else
                drawn
    )

/// The diagram of a run with its history.
let diagram =
    React.functionComponent (
        "RunDiagram",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition
                    history: Action list
                    position: Id option
                    size: Size
                    selected: string option
                    select: (string -> unit) option
                |}) ->
            let graph =
                React.useMemo ((fun () -> Graph.ofDefinition props.definition), [| props.definition |])

            let picture =
                React.useMemo (
                    (fun () ->
                        match props.position with
                        | Some at -> Pictures.Run.at graph props.workflow props.history at
                        | None -> Pictures.Run.now graph props.workflow props.history),
                    [| graph; props.workflow; props.history; box props.position |]
                )

            drawing {|
                workflow = props.workflow
                graph = graph
                mermaid = props.definition.FlowChart
                picture = picture
                isNow = props.position.IsNone
                size = props.size
                selected = props.selected
                select = props.select
            |}
    )

/// A child of a workflow with its own live diagram.
let child =
    React.functionComponent (
        "Child",
        fun (props: {| child: Workflow; key: string |}) ->
            let workflow = props.child
            let definition = Queries.useDefinitionVersion workflow.WorkflowType workflow.Version
            let actions = Queries.useActions workflow.Id

            Html.section [
                prop.className "child"
                prop.testId $"child-{workflow.Id}"
                prop.ariaLabel $"Child {workflow.Id}, {workflow.WorkflowType}"
                prop.children [
                    Html.div [
                        prop.className "child-head"
                        prop.children [
                            workflowLink workflow.Id
                            Html.span [ prop.className "value"; prop.text workflow.WorkflowType ]
                            statusChip workflow.Status
                            Html.span [
                                prop.className "faint value"
                                prop.title workflow.BusinessKey
                                prop.text workflow.BusinessKey
                            ]
                        ]
                    ]
                    match definition.Data, definition.Failure with
                    | Some definition, _ ->
                        diagram {|
                            workflow = workflow
                            definition = definition
                            history = Option.defaultValue [] actions.Data
                            position = None
                            size = Card
                            selected = None
                            select = None
                        |}
                    | None, Some reason -> failure (Problem.ofException reason) definition.Refetch
                    | None, None -> loading "the diagram"
                ]
            ]
    )
