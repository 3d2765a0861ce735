/// The drawer beside the diagram: the selected state, and the tabs.
module GopherFlow.Client.Pages.Workflow.Drawer

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Workflow.Model

/// The edge of the drawer, which resizes it by mouse or keyboard.
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

let view =
    React.functionComponent (
        "Drawer",
        fun
            (props:
                {|
                    model: Model
                    session: Session
                    workflow: Workflow
                    definition: Definition option
                    path: WorkflowPath option
                    history: Query.Query<HeldHistory.Held>
                    held: HeldHistory.Held
                    entries: HistoryEntry[]
                    reread: unit -> unit
                    dispatch: Message -> unit
                    key: string
                |}) ->
            let model, workflow, dispatch = props.model, props.workflow, props.dispatch
            let disabledBecause = Choices.viewerReason props.session
            // State of the drawer, not of the tabs, because a tab is unmounted when another one is shown.
            let openEdit = OpenEdit.useOpenEdit workflow.Id props.reread
            let openSignal = OpenSignal.useOpenSignal workflow

            let content =
                match model.Tab with
                | History ->
                    shown "the history" props.history (fun newest ->
                        History.view {|
                            id = workflow.Id
                            held = props.held
                            isNewest = obj.ReferenceEquals(props.held, newest)
                            state = model.State
                            position = model.Position
                            dispatch = dispatch
                        |})
                | Variables -> Variables.view workflow openEdit disabledBecause model.Position props.entries
                | Signals ->
                    Signals.view {|
                        workflow = workflow
                        openSignal = openSignal
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
                    | Some state -> About.state props.definition props.path state dispatch
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
    )
