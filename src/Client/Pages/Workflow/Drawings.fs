/// The diagram of a selected child, and that of a long run.
module GopherFlow.Client.Pages.Workflow.Drawings

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Workflow.Model

/// The child that is selected in the family tab, with a small diagram.
let childBeside =
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

/// The diagram of a run whose history is only partly loaded.
let longRun =
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
