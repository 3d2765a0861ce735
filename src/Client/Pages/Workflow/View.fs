/// One workflow: its diagram is the screen, the timeline runs under it, and the drawer beside it follows what is chosen.
module GopherFlow.Client.Pages.Workflow.View

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Workflow.Model

let private widthKey = "gopherflow.drawer"

let private run (command: Command) : unit =
    match command with
    | KeepPosition(id, position) ->
        let address = Router.address (Router.Workflow id)

        match position with
        | Some at -> Browser.Address.replace $"{address}?at={at}"
        | None -> Browser.Address.replace address
    | KeepWidth width -> Browser.Storage.set widthKey (string width)

let private init (id: Id) () : Model * Effect<Message> list =
    let position = Router.parameter "at" |> Option.bind Router.tryId

    let width =
        Browser.Storage.tryGet widthKey |> Option.bind Router.tryId |> Option.map int

    begin' id position width, []

let private update (message: Message) (model: Model) : Model * Effect<Message> list =
    let next, commands = Update.update message model
    next, commands |> List.map (fun command -> Effect.ofAction (fun () -> run command))

/// Drags the edge of the drawer; with the keyboard, too.
let private edge (width: int) (dispatch: Message -> unit) : ReactElement =
    let drag (event: obj) =
        let right: float = event?currentTarget?parentElement?getBoundingClientRect()?right
        dispatch (Resized(int (right - event?clientX)))

    Html.div [
        prop.className "drawer-edge"
        prop.role "separator"
        prop.tabIndex 0
        prop.ariaLabel "Width of the drawer"
        prop.custom ("aria-orientation", "vertical")
        prop.custom ("aria-valuenow", width)
        prop.custom ("aria-valuemin", least)
        prop.custom ("aria-valuemax", most)
        prop.custom ("onPointerDown", (fun (event: obj) -> event?currentTarget?setPointerCapture(event?pointerId)))
        prop.custom (
            "onPointerMove",
            fun (event: obj) ->
                if event?currentTarget?hasPointerCapture(event?pointerId) then
                    drag event
        )
        prop.onKeyDown (fun event ->
            match event?key with
            | "ArrowLeft" -> dispatch (Resized(width + 16))
            | "ArrowRight" -> dispatch (Resized(width - 16))
            | _ -> ())
    ]

let private drawer
    (model: Model)
    (session: Session)
    (workflow: Workflow)
    (definition: Definition option)
    (path: WorkflowPath option)
    (history: Query.Query<HeldHistory.Held>)
    (held: HeldHistory.Held)
    (entries: HistoryEntry[])
    (reread: unit -> unit)
    (dispatch: Message -> unit)
    : ReactElement =
    let disabledBecause = Choices.viewerReason session

    let content =
        match model.Tab with
        | History ->
            shown "the history" history (fun newest ->
                History.view {|
                    id = workflow.Id
                    held = held
                    isNewest = obj.ReferenceEquals(held, newest)
                    state = model.State
                    position = model.Position
                    dispatch = dispatch
                |})
        | Variables -> Variables.view workflow reread disabledBecause model.Position entries
        | Signals ->
            Signals.view {|
                workflow = workflow
                disabledBecause = disabledBecause
            |}
        | Family -> Family.view workflow model.Child dispatch
        | About -> About.view workflow

    Html.aside [
        prop.className "drawer"
        prop.ariaLabel "Details"
        prop.data ("up", (if model.SheetUp then "true" else "false"))
        prop.children [
            edge model.Width dispatch
            Html.button [
                prop.type' "button"
                prop.className "sheet-grip"
                prop.ariaLabel (
                    if model.SheetUp then
                        "Put the details down"
                    else
                        "Pull the details up"
                )
                prop.onClick (fun _ -> dispatch SheetTurned)
                prop.children [ (if model.SheetUp then Icons.down else Icons.up) ]
            ]
            match model.State with
            | Some state -> About.state definition path state dispatch
            | None -> ()
            Tabs.view
                "Details"
                [
                    {
                        Id = History
                        Text = "History"
                        Count = None
                    }
                    {
                        Id = Variables
                        Text = "Variables"
                        Count =
                            if model.Position.IsNone then
                                Some (Workflow.variables workflow).Length
                            else
                                None
                    }
                    {
                        Id = Signals
                        Text = "Signals"
                        Count =
                            match workflow.KeptSignals.Length with
                            | 0 -> None
                            | count -> Some count
                    }
                    {
                        Id = Family
                        Text = "Family"
                        Count =
                            match workflow.OpenChildren with
                            | 0 -> None
                            | count -> Some count
                    }
                    {
                        Id = About
                        Text = "About"
                        Count = None
                    }
                ]
                model.Tab
                (TabChosen >> dispatch)
                content
        ]
    ]

/// While a state is picked: what for, and what may be picked, as buttons for those who do not use the diagram.
let private picking
    (purpose: Pick)
    (workflow: Workflow)
    (definition: Definition option)
    (dispatch: Message -> unit)
    : ReactElement =
    let states =
        definition
        |> Option.map (fun definition -> definition.States |> List.map _.Name)
        |> Option.defaultValue []

    let mayBePicked (state: string) =
        purpose = ToRunAgain
        || Choices.target workflow definition state <> Choices.Present

    let kind (state: string) =
        match purpose, Choices.target workflow definition state with
        | ToRunAgain, _ -> "free"
        | ToMove, Choices.Declared -> "declared"
        | ToMove, Choices.Forced -> "forced"
        | ToMove, _ -> "free"

    Html.div [
        prop.className "picking"
        prop.role "group"
        prop.ariaLabel "Pick a state"
        prop.testId "picking"
        prop.onKeyDown (fun event ->
            if event?key = "Escape" then
                dispatch PickEnded)
        prop.children [
            Html.p [
                prop.children [
                    Html.strong (
                        match purpose with
                        | ToMove -> "Move it to which state?"
                        | ToRunAgain -> "Run again from which state?"
                    )
                    Html.text " Click it on the diagram, or here:"
                ]
            ]
            Html.div [
                prop.className "row"
                prop.children [
                    for state in List.filter mayBePicked states ->
                        Html.button [
                            prop.key state
                            prop.type' "button"
                            prop.className "pill"
                            prop.data ("kind", kind state)
                            prop.title (
                                match kind state with
                                | "declared" -> "The definition has this way."
                                | "forced" -> "The definition does not have this way: the move has to be forced."
                                | _ -> "The definition does not have this way; a person may take it there."
                            )
                            prop.onClick (fun _ -> dispatch (StateClicked state))
                            prop.text (if kind state = "forced" then $"{state} (forced)" else state)
                        ]
                ]
            ]
            iconButton Icons.cross "Pick none" false (fun () -> dispatch PickEnded)
        ]
    ]

/// The child that is chosen in the family, with its small diagram.
let private childBeside =
    React.functionComponent (
        "ChildBeside",
        fun
            (props:
                {|
                    id: Id
                    dispatch: Message -> unit
                    key: string
                |}) ->
            Html.div [
                prop.className "child-beside"
                prop.children [
                    iconButton Icons.cross "Close the child" false (fun () -> props.dispatch (ChildTurned props.id))
                    shown "the child" (Queries.useWorkflow props.id) (fun child ->
                        Run.child {|
                            child = child
                            key = string child.Id
                        |})
                ]
            ]
    )

/// The diagram of a run of which only a part of the history is read.
let private longRun =
    React.functionComponent (
        "LongRun",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition
                    path: WorkflowPath
                    held: HeldHistory.Held
                    isFar: bool
                    actions: Action list
                    position: Id option
                    selected: string option
                    select: string -> unit
                |}) ->
            let graph =
                React.useMemo ((fun () -> Graph.ofDefinition props.definition), [| box props.definition |])

            let picture =
                React.useMemo (
                    (fun () ->
                        let picture =
                            match props.position with
                            | Some at -> Pictures.Run.at graph props.workflow props.actions at
                            | None -> Pictures.Run.now graph props.workflow props.actions

                        if props.isFar then
                            DiagramHistory.uncounted picture
                        else
                            DiagramHistory.complete props.path props.held.Entries picture),
                    [|
                        box graph
                        box props.workflow
                        box props.path
                        box props.actions
                        box props.position
                    |]
                )

            Run.drawing {|
                workflow = props.workflow
                graph = graph
                mermaid = props.definition.FlowChart
                picture = picture
                isNow = props.position.IsNone
                size = Screen
                selected = props.selected
                select = Some props.select
            |}
    )

let private content =
    React.functionComponent (
        "WorkflowContent",
        fun
            (props:
                {|
                    workflow: Workflow
                    session: Session
                    reread: unit -> unit
                |}) ->
            let workflow = props.workflow
            let definition = Queries.useDefinitionVersion workflow.WorkflowType workflow.Version
            let history = Queries.useHistory workflow.Id
            let path = Queries.usePath workflow.Id
            let model, dispatch = useElm (init workflow.Id) update
            let newest = Option.defaultValue HeldHistory.nothing history.Data
            let anchor, setAnchor = React.useState (None: Id option)
            let found = Queries.useHistoryAround workflow.Id anchor
            let around = React.useRef (None: HeldHistory.Around option)

            if found.Data.IsSome then
                around.current <- found.Data

            // A position far back is looked at in a piece of the history around it.
            let isFar =
                match model.Position, List.tryLast newest.Entries with
                | Some at, Some oldest -> at < oldest.Id && newest.Older.IsSome
                | _ -> false

            let held =
                match around.current with
                | Some around when isFar -> around.Held
                | _ -> newest

            React.useEffect (
                (fun () ->
                    match model.Position, around.current with
                    | Some at, Some around when isFar && HeldHistory.isShort at around -> setAnchor (Some at)
                    | Some at, None when isFar -> setAnchor (Some at)
                    | _ -> ()),
                [| box model.Position; box isFar |]
            )

            let entries = React.useMemo ((fun () -> Array.ofList held.Entries), [| box held |])

            let stays = React.useMemo ((fun () -> Stays.ofHistory held.Entries), [| box held |])

            let actions =
                React.useMemo ((fun () -> DiagramHistory.actions workflow held.Entries), [| box held |])

            let failed =
                React.useMemo ((fun () -> entries |> Array.tryFind Stays.isFailure), [| box entries |])

            Html.div [
                prop.className "workflow"
                prop.style [ style.custom ("--drawer", $"{model.Width}px") ]
                prop.data ("picking", (if model.Picking.IsSome then "true" else "false"))
                prop.children [
                    Head.view model props.session workflow definition.Data failed dispatch
                    Html.div [
                        prop.className "stage"
                        prop.children [
                            match model.Picking with
                            | Some purpose -> picking purpose workflow definition.Data dispatch
                            | None -> ()
                            shown "the definition" definition (fun definition ->
                                match held.Older, path.Data with
                                | Some _, Some path ->
                                    longRun {|
                                        workflow = workflow
                                        definition = definition
                                        path = path
                                        held = held
                                        isFar = isFar
                                        actions = actions
                                        position = model.Position
                                        selected = model.State
                                        select = StateClicked >> dispatch
                                    |}
                                | _ ->
                                    Run.diagram {|
                                        workflow = workflow
                                        definition = definition
                                        history = actions
                                        position = model.Position
                                        size = Screen
                                        selected = model.State
                                        select = Some(StateClicked >> dispatch)
                                    |})
                            match model.Child with
                            | Some child ->
                                childBeside {|
                                    id = child
                                    dispatch = dispatch
                                    key = string child
                                |}
                            | None -> ()
                        ]
                    ]
                    if entries.Length > 0 then
                        Timeline.view {|
                            entries = entries
                            stays = stays
                            position = model.Position
                            playing = model.Playing
                            state = model.State
                            dispatch = dispatch
                        |}
                    drawer
                        model
                        props.session
                        workflow
                        definition.Data
                        path.Data
                        history
                        held
                        entries
                        props.reread
                        dispatch
                    Operations.view workflow definition.Data model.Dialog dispatch
                ]
            ]
    )

let private missing (id: Id) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Basics.empty $"There is no workflow {id}." [
                Html.p "It may have been deleted, or the number is mistyped."
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
                        reread = query.Refetch
                    |})
    )
