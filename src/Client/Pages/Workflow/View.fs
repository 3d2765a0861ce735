/// The page of one workflow: the diagram fills it, the timeline is below, and the drawer beside it shows details of the
/// selection.
module GopherFlow.Client.Pages.Workflow.View

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Diagram.Props
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Workflow.Model

importSideEffects "../../Styles/timeline.css"

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

/// Shown when a position cannot be displayed: the history does not go back that far, or could not be read there.
let private unknown (isGone: bool) (found: Query.Query<HeldHistory.Around>) : ReactElement =
    let told (what: string) (why: string) (actions: ReactElement list) : ReactElement =
        Html.div [
            prop.key "unknown"
            prop.className "reason"
            prop.role "alert"
            prop.testId "unknown-position"
            prop.data ("tone", "warn")
            prop.children [
                Icons.warning
                Html.p [ prop.children [ Html.strong what; Html.text why ] ]
                yield! actions
            ]
        ]

    match found.Failure with
    | _ when isGone -> told "The history does not go back this far." "" []
    | Some reason ->
        told "This part of the history could not be read." $" {reason |> Problem.ofException |> Problem.text}" [
            button
                Plain
                Icons.refresh
                "Try again"
                (if found.Fetching then Some "It is being read." else None)
                found.Refetch
        ]
    | None -> Html.none

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

            // For a position far back, the entries around it are loaded.
            let isFar =
                match model.Position, List.tryLast newest.Entries with
                | Some at, Some oldest -> at < oldest.Id && newest.Older.IsSome
                | _ -> false

            // Until these entries are loaded, nothing is known about that position.
            let held, isKnown =
                match model.Position, around.current with
                | Some at, Some around when isFar -> around.Held, HeldHistory.holds at around
                | _ -> newest, not isFar

            let isGone =
                match model.Position, List.tryLast newest.Entries with
                | Some at, Some oldest when at < oldest.Id ->
                    newest.Older.IsNone || (not isKnown && anchor = Some at && found.Data.IsSome)
                | _ -> false

            let needsAnother =
                match model.Position, around.current with
                | Some at, Some around when isFar -> HeldHistory.isShort at around
                | _ -> isFar

            React.useEffect (
                (fun () ->
                    if needsAnother then
                        setAnchor model.Position),
                [| box model.Position; box isFar |]
            )

            let entries = React.useMemo ((fun () -> Array.ofList held.Entries), [| box held |])

            let stays = React.useMemo ((fun () -> Stays.ofHistory held.Entries), [| box held |])

            let actions =
                React.useMemo (
                    (fun () ->
                        if isKnown then
                            DiagramHistory.actions workflow held.Entries
                        else
                            []),
                    [| box held; box isKnown |]
                )

            // The history may be behind the workflow for a moment.
            let failed =
                React.useMemo ((fun () -> Stays.lastFailure newest.Entries), [| box newest |])
                |> Option.filter (fun entry -> entry.To = workflow.State)

            let version =
                match model.Position with
                | Some at when isKnown ->
                    DiagramHistory.versionAt at held.Entries
                    |> Option.orElseWith (fun () -> DiagramHistory.versionAt at newest.Entries)
                    |> Option.defaultValue workflow.Version
                | _ -> workflow.Version

            let drawn = Queries.useDefinitionVersion workflow.WorkflowType version

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
                            | Some purpose -> Picking.view purpose workflow definition.Data dispatch
                            | None -> ()
                            shown "the definition" drawn (fun definition ->
                                match held.Older, path.Data with
                                | Some _, Some path ->
                                    Drawings.longRun {|
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
                            if isGone || needsAnother then
                                unknown isGone found

                            match model.Child with
                            | Some child ->
                                Drawings.childBeside {|
                                    id = child
                                    dispatch = dispatch
                                    key = string child
                                |}
                            | None -> ()
                        ]
                    ]
                    if entries.Length > 0 then
                        Timeline.view {|
                            id = workflow.Id
                            entries = entries
                            hasOlder = held.Older.IsSome
                            isNewest = obj.ReferenceEquals(held, newest)
                            stays = stays
                            position = model.Position
                            playing = model.Playing
                            state = model.State
                            dispatch = dispatch
                        |}
                    Drawer.view {|
                        model = model
                        session = props.session
                        workflow = workflow
                        definition = drawn.Data
                        path = path.Data
                        history = history
                        held = held
                        entries = entries
                        reread = props.reread
                        dispatch = dispatch
                        key = "drawer"
                    |}
                    OperationDialogs.view workflow definition.Data model.Dialog dispatch
                ]
            ]
    )

let private missing (title: string) (reason: string) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Basics.empty title [ Html.p reason; link (Router.Workflows WorkflowFilter.empty) "All workflows" ]
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
            | Some(ApiException problem) when problem.Status = 404 && query.Data.IsSome ->
                missing $"Workflow {props.id} was deleted." "A user deleted it, or its retention has ended."
            | Some(ApiException problem) when problem.Status = 404 ->
                missing $"There is no workflow {props.id}." "It may have been deleted, or the number is mistyped."
            | _ ->
                shown "the workflow" query (fun workflow ->
                    content {|
                        workflow = workflow
                        session = props.session
                        reread = query.Refetch
                    |})
    )
