/// One workflow: its diagram is the screen; history, variables and children stand beside it; its children's diagrams under it.
module GopherFlow.Client.Pages.Workflow

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Diagram.Props

type private Tab =
    | History
    | Variables
    | Children

let private tabButton (current: Tab) (choose: Tab -> unit) (tab: Tab) (text: string) (count: int option) =
    Html.button [
        prop.key text
        prop.type' "button"
        prop.role "tab"
        prop.className "tab"
        prop.ariaSelected ((tab = current))
        prop.onClick (fun _ -> choose tab)
        prop.children [
            Html.text text
            match count with
            | Some count -> Html.span [ prop.className "tab-count"; prop.text count ]
            | None -> ()
        ]
    ]

let private childRow (child: Workflow) : ReactElement =
    Html.li [
        prop.key (string child.Id)
        prop.className "entry"
        prop.children [
            Html.div [
                prop.className "entry-head"
                prop.children [
                    workflowLink child.Id
                    Html.span [ prop.className "entry-name"; prop.text child.WorkflowType ]
                    statusChip child.Status
                ]
            ]
            Html.div [
                prop.className "entry-text"
                prop.text $"{child.State} · {child.BusinessKey}"
            ]
        ]
    ]

let private family (workflow: Workflow) (children: Workflow list) : ReactElement =
    Html.div [
        match workflow.ParentWorkflowId with
        | Some parent ->
            Html.p [
                prop.className "filter-note"
                prop.children [ Html.text "Parent: "; workflowLink parent ]
            ]
        | None -> ()

        if children.IsEmpty then
            Basics.empty "This workflow has no children." []
        else
            Html.ol [ prop.className "history"; prop.children (List.map childRow children) ]
    ]

let private disabledFor (session: Session) : string option =
    if Session.mayChange session then
        None
    else
        Some "Your role is viewer. Changing a workflow needs the role operator or admin."

let private side =
    React.functionComponent (
        "Side",
        fun
            (props:
                {|
                    workflow: Workflow
                    history: Query.Query<Action list>
                    children: Workflow list
                    session: Session
                    selected: string option
                    position: Id option
                    go: Id option -> unit
                    clear: unit -> unit
                |}) ->
            let tab, setTab = React.useState History

            // Selecting a state asks for its history.
            React.useEffect (
                (fun () ->
                    if props.selected.IsSome then
                        setTab History),
                [| box props.selected |]
            )

            Html.section [
                prop.className "side-panel"
                prop.children [
                    Html.div [
                        prop.className "tabs"
                        prop.role "tablist"
                        prop.children [
                            tabButton tab setTab History "History" (props.history.Data |> Option.map _.Length)
                            tabButton tab setTab Variables "Variables" (Some (Workflow.variables props.workflow).Length)
                            tabButton tab setTab Children "Children" (Some props.children.Length)
                        ]
                    ]
                    Html.div [
                        prop.className "tab-body"
                        prop.role "tabpanel"
                        prop.tabIndex 0
                        prop.children [
                            match tab with
                            | History ->
                                shown "the history" props.history (fun history ->
                                    WorkflowHistory.view {|
                                        history = history
                                        state = props.selected
                                        position = props.position
                                        go = fun at -> props.go (Some at)
                                        clear = props.clear
                                    |})
                            | Variables when props.position.IsSome ->
                                WorkflowVariables.at {|
                                    id = props.workflow.Id
                                    position = props.position.Value
                                |}
                            | Variables -> WorkflowVariables.view props.workflow (disabledFor props.session)
                            | Children -> family props.workflow props.children
                        ]
                    ]
                ]
            ]
    )

let private content =
    React.functionComponent (
        "WorkflowContent",
        fun
            (props:
                {|
                    workflow: Workflow
                    session: Session
                |}) ->
            let workflow = props.workflow
            let definition = Queries.useDefinitionVersion workflow.WorkflowType workflow.Version
            let actions = Queries.useActions workflow.Id
            let children = Queries.useChildren workflow.Id |> _.Data |> Option.defaultValue []
            let selected, select = React.useStateWithUpdater (None: string option)
            let history = Option.defaultValue [] actions.Data
            let position, setPosition = React.useState (TimeTravel.ofAddress ())

            let go (at: Id option) =
                TimeTravel.keepInAddress workflow.Id at
                setPosition at

            let toggle (state: string) =
                select (fun current -> if current = Some state then None else Some state)

            let moves =
                Html.fragment [
                    ChangeState.view {|
                        workflow = workflow
                        definition = definition.Data
                        disabledBecause = disabledFor props.session
                    |}
                    Operations.view {|
                        workflow = workflow
                        disabledBecause = disabledFor props.session
                    |}
                ]

            Html.div [
                prop.className (
                    if children.IsEmpty then
                        "run alone"
                    else
                        "run with-children"
                )
                prop.children [
                    WorkflowHead.view workflow definition.Data history moves
                    Html.div [
                        prop.className "run-body"
                        prop.children [
                            Html.div [
                                prop.className "run-diagrams"
                                prop.children [
                                    shown "the definition" definition (fun definition ->
                                        Run.diagram {|
                                            workflow = workflow
                                            definition = definition
                                            history = history
                                            position = position
                                            size = Screen
                                            selected = selected
                                            select = Some toggle
                                        |})
                                    TimeTravel.view {|
                                        history = history
                                        position = position
                                        go = go
                                    |}
                                    if not children.IsEmpty then
                                        Run.children {| workflows = children |}
                                ]
                            ]
                            side {|
                                workflow = workflow
                                history = actions
                                children = children
                                session = props.session
                                selected = selected
                                position = position
                                go = go
                                clear = fun () -> select (fun _ -> None)
                            |}
                        ]
                    ]
                ]
            ]
    )

let private missing (id: Id) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Basics.empty $"There is no workflow {id}." [
                Html.p "It may have been removed, or the number is mistyped."
                link (Router.Workflows WorkflowFilter.empty) "All workflows"
            ]
        ]
    ]

let view =
    React.functionComponent (
        "Workflow",
        fun
            (props:
                {|
                    id: Id
                    session: Session
                    key: string
                |}) ->
            let query = Queries.useWorkflow props.id

            match query.Failure with
            | Some(ApiException problem) when problem.Status = 404 -> missing props.id
            | _ ->
                shown "the workflow" query (fun workflow ->
                    content {|
                        workflow = workflow
                        session = props.session
                    |})
    )
