/// The head of the page: the workflow, its status and why it waits, in one line; the operations; and the cause of a failure.
module GopherFlow.Client.Pages.Workflow.Head

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Pages.Workflow.Model
open GopherFlow.Client.Pages.Workflow.Choices

let private waiting =
    React.functionComponent (
        "Waiting",
        fun (props: {| wait: Wait |}) ->
            let now = Clock.useNow ()

            Html.span [
                prop.className "waiting value"
                prop.title (Wait.text now props.wait)
                prop.text (Wait.text now props.wait)
            ]
    )

let private menuItem (choose: Message -> unit) (choice: Choice) : ReactElement =
    Html.button [
        prop.key choice.Label
        prop.type' "button"
        prop.role "menuitem"
        prop.className "menu-item"
        prop.custom ("aria-disabled", choice.DisabledBecause.IsSome)
        prop.tabIndex -1
        prop.onClick (fun _ ->
            if choice.DisabledBecause.IsNone then
                choose choice.Message)
        prop.children [
            Html.strong choice.Label
            Html.span (defaultArg choice.DisabledBecause choice.Lead)
        ]
    ]

/// Moves the focus within a menu.
let private walk (event: obj) : unit =
    let items: obj[] =
        Fable.Core.JS.Constructors.Array.from (event?currentTarget?querySelectorAll "[role=menuitem]")
        |> unbox

    let here =
        items
        |> Array.tryFindIndex (fun item -> obj.ReferenceEquals(item, Browser.document?activeElement))
        |> Option.defaultValue -1

    let focus (index: int) =
        event?preventDefault ()
        items[(index + items.Length) % items.Length]?focus ()

    match event?key with
    | "ArrowDown" -> focus (here + 1)
    | "ArrowUp" -> focus (here - 1)
    | "Home" -> focus 0
    | "End" -> focus (items.Length - 1)
    | _ -> ()

let private menu =
    React.functionComponent (
        "Menu",
        fun
            (props:
                {|
                    choices: Choice list
                    isOpen: bool
                    dispatch: Message -> unit
                |}) ->
            let frame = React.useRef (null: obj)

            React.useEffect (
                (fun () ->
                    if props.isOpen then
                        frame.current?querySelector("[role=menuitem]")?focus()

                        Browser.listen Browser.document "pointerdown" (fun event ->
                            if not (frame.current?contains event?target) then
                                props.dispatch MenuClosed)
                    else
                        React.createDisposable ignore),
                [| box props.isOpen |]
            )

            // A dialog returns the focus to the element that had it. The menu item is gone by then, so focus the menu button
            // first.
            let choose (message: Message) =
                frame.current?querySelector("button")?focus()
                props.dispatch message

            Html.div [
                prop.ref frame
                prop.className "menu-frame"
                prop.onKeyDown (fun event ->
                    if event?key = "Escape" && props.isOpen then
                        props.dispatch MenuClosed
                        frame.current?querySelector("button")?focus())
                prop.children [
                    Html.button [
                        prop.type' "button"
                        prop.className "button"
                        prop.ariaLabel "More actions"
                        prop.custom ("aria-haspopup", "menu")
                        prop.custom ("aria-expanded", props.isOpen)
                        prop.onClick (fun _ -> props.dispatch MenuTurned)
                        prop.children [ Html.text "Actions"; Icons.down ]
                    ]
                    if props.isOpen then
                        Html.div [
                            prop.className "menu"
                            prop.role "menu"
                            prop.ariaLabel "Actions"
                            prop.onKeyDown walk
                            prop.children (List.map (menuItem choose) props.choices)
                        ]
                ]
            ]
    )

let private fact (name: string) (values: ReactElement list) : ReactElement =
    Html.div [
        prop.key name
        prop.className "head-fact"
        prop.children [ Html.dt name; Html.dd values ]
    ]

/// The time from creation to the end, or until now.
let private age =
    React.functionComponent (
        "Age",
        fun (props: {| workflow: Workflow |}) ->
            let now = Clock.useNow ()
            let until = Option.defaultValue now props.workflow.Finished

            let seconds =
                (Instant.milliseconds until - Instant.milliseconds props.workflow.Created)
                / 1000.0

            Html.text (Telling.length (max 0.0 seconds))
    )

let private brief (value: obj) : string =
    let text = VariableEdit.textOf value
    let flat = text.Replace("\n", " ").Replace("  ", " ")

    if flat.Length > 40 then
        flat.Substring(0, 38) + "…"
    else
        flat

let private facts (workflow: Workflow) (dispatch: Message -> unit) : ReactElement =
    Html.dl [
        prop.className "head-facts"
        prop.children [
            fact "Created" [ Clock.time {| at = workflow.Created |} ]
            fact (if workflow.Finished.IsSome then "Took" else "Age") [ age {| workflow = workflow |} ]
            match workflow.Output, workflow.ParentWorkflowId with
            | Some output, _ ->
                fact "Output" [
                    Html.button [
                        prop.type' "button"
                        prop.className "as-link value"
                        prop.title "Show it among the variables"
                        prop.onClick (fun _ -> dispatch (TabChosen Variables))
                        prop.text (brief output)
                    ]
                ]
            | None, Some parent -> fact "Parent" [ workflowLink parent ]
            | None, None -> ()
            fact "Version" [
                linkWith (Router.DefinitionVersion(workflow.WorkflowType, workflow.Version)) [
                    prop.className "value"
                    prop.text workflow.Version
                ]
            ]
        ]
    ]

/// Why the workflow failed or waits for another attempt.
let private cause
    (workflow: Workflow)
    (definition: Definition option)
    (failed: HistoryEntry option)
    (disabledBecause: string option)
    (dispatch: Message -> unit)
    : ReactElement =
    let broken =
        List.contains (Workflow.status workflow) [ Failed; Errored ]
        || Workflow.waitsFor workflow = Some Retry

    let message =
        match failed |> Option.bind _.Error with
        | Some error when error.Message <> "" -> Some(error.Type, error.Message)
        | Some error -> Some("", error.Type)
        | None -> workflow.LastError |> Option.map (fun error -> "", error)

    let lead = Describe.broken workflow (isErrorState definition workflow.State)

    if not broken then
        Html.none
    else
        Html.div [
            prop.className "reason"
            prop.role "status"
            prop.testId "cause"
            prop.data ("tone", (if Workflow.isOver workflow then "bad" else "warn"))
            prop.children [
                Icons.warning
                Html.p [
                    prop.children [
                        Html.strong lead
                        match message with
                        | Some(kind, text) -> Html.span [ prop.title kind; prop.text $" {text}" ]
                        | None -> ()
                        match failed with
                        | Some entry ->
                            Html.span [
                                prop.className "faint"
                                prop.children [ Html.text " "; Clock.time {| at = entry.At |} ]
                            ]
                        | None -> ()
                    ]
                ]
                if mayRetry workflow definition then
                    button Primary Icons.play "Retry now" disabledBecause (fun () -> dispatch (Opened Retrying))
                button Plain Icons.sliders "Variables" None (fun () -> dispatch (TabChosen Variables))
            ]
        ]

/// Shown when the version does not run on this server, with what can be done.
let private unclaimed (workflow: Workflow) (definition: Definition option) : ReactElement =
    match definition with
    | Some definition when not definition.Registered && not (Workflow.isOver workflow) ->
        Html.div [
            prop.className "reason"
            prop.data ("tone", "warn")
            prop.children [
                Icons.warning
                Html.p [
                    prop.children [
                        Html.strong $"Version {workflow.Version} does not run on this server. "
                        Html.text
                            "Its code is not here, or its script is disabled. It continues when that changes, or on "
                        link (Router.Definition workflow.WorkflowType) "another version"
                        Html.text "."
                    ]
                ]
            ]
        ]
    | _ -> Html.none

/// The number of decisions for which there is space as buttons.
let private mostWays = 3

let private moves
    (model: Model)
    (workflow: Workflow)
    (definition: Definition option)
    (disabledBecause: string option)
    (choices: Choice list)
    (dispatch: Message -> unit)
    : ReactElement =
    Html.div [
        prop.className "moves"
        prop.children [
            let ways = decisions workflow definition

            for state in List.truncate (if ways.Length > mostWays then mostWays - 1 else mostWays) ways do
                button Primary Icons.move $"To {state}" disabledBecause (fun () -> dispatch (Opened(Moving state)))

            if ways.Length > mostWays then
                button Plain Icons.move "Elsewhere…" disabledBecause (fun () -> dispatch (PickBegun ToMove))

            if Workflow.status workflow = Paused then
                button Primary Icons.play "Resume" disabledBecause (fun () -> dispatch (Opened Resuming))

            menu {|
                choices = choices
                isOpen = model.MenuOpen
                dispatch = dispatch
            |}
        ]
    ]

let view
    (model: Model)
    (session: Session)
    (workflow: Workflow)
    (definition: Definition option)
    (failed: HistoryEntry option)
    (dispatch: Message -> unit)
    : ReactElement =
    let disabledBecause = viewerReason session

    Html.header [
        prop.className "workflow-head"
        prop.children [
            Html.div [
                prop.className "workflow-title"
                prop.children [
                    Html.h1 [
                        prop.children [
                            link (Router.Definition workflow.WorkflowType) workflow.WorkflowType
                            Html.span [ prop.className "number"; prop.text $" {workflow.Id}" ]
                        ]
                    ]
                    Html.span [
                        prop.className "business-key value"
                        prop.title $"Business key {workflow.BusinessKey}"
                        prop.text workflow.BusinessKey
                    ]
                    statusChip workflow.Status
                    match Wait.ofWorkflow workflow with
                    | Some ForResume -> ()
                    | Some wait -> waiting {| wait = wait |}
                    | None when workflow.PauseRequested ->
                        Html.span [ prop.className "waiting"; prop.text "pauses when its step has ended" ]
                    | None -> ()
                    facts workflow dispatch
                    moves model workflow definition disabledBecause (all session definition workflow) dispatch
                ]
            ]
            unclaimed workflow definition
            cause workflow definition failed disabledBecause dispatch
        ]
    ]
