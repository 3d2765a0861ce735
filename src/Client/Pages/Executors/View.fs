/// The executors and their health: live ones with what they run; those that are gone are folded.
module GopherFlow.Client.Pages.Executors.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Pages.Executors.Model

/// The number of used slots.
let slots =
    React.functionComponent (
        "Slots",
        fun (props: {| executor: Executor; key: string |}) ->
            let work = OverviewQueries.useExecutorWork props.executor.Id

            Html.span [
                prop.className "slots"
                prop.children [
                    match work.Data with
                    | Some work ->
                        Progress.bar
                            $"Slots used by {props.executor.Name}"
                            (Some(float work.Claimed))
                            (float props.executor.Capacity)

                        Html.span (Model.slots props.executor work)
                    | None when work.Failure.IsSome -> Html.span [ prop.className "faint"; prop.text "not known" ]
                    | None -> Html.span [ prop.className "faint"; prop.text "…" ]
                ]
            ]
    )

let leaseOf (executor: Executor) : ReactElement =
    let text, isShort = lease executor

    Html.span [
        prop.className (if isShort then "number late" else "number")
        prop.title "Without a heartbeat its work goes to other executors when the lease runs out."
        prop.text text
    ]

let private runningTable: Table.Table<Workflow> = {
    Label = "Runs now"
    Key = fun workflow -> string workflow.Id
    Open = Some(fun workflow -> Router.Workflow workflow.Id)
    Columns = [
        Table.column "ID" (fun workflow -> [ workflowLink workflow.Id ])
        Table.text "Type" _.WorkflowType
        Table.text "State" _.State
        Table.cut "Business key" _.BusinessKey
        Table.column "Since" (fun workflow -> [ Clock.time {| at = workflow.Modified |} ])
    ]
}

let private running =
    React.functionComponent (
        "Running",
        fun (props: {| executor: Executor |}) ->
            let work = OverviewQueries.useExecutorWork props.executor.Id

            shown "what it runs" work (fun work ->
                if work.Workflows.IsEmpty then
                    Html.p [ prop.className "faint"; prop.text "It is running nothing at the moment." ]
                else
                    Html.fragment [
                        Table.view runningTable work.Workflows
                        if work.Claimed > work.Workflows.Length then
                            Html.p [
                                prop.className "faint"
                                prop.text $"The first {work.Workflows.Length} of {work.Claimed}."
                            ]
                    ])
    )

let private aliveCard =
    React.functionComponent (
        "Executor",
        fun (props: {| executor: Executor; key: string |}) ->
            let executor = props.executor
            let isOpen, setOpen = React.useState false

            Html.article [
                prop.className "card executor"
                prop.ariaLabel $"Executor {executor.Name}"
                prop.children [
                    Html.div [
                        prop.className "executor-head"
                        prop.children [
                            Html.span [ prop.className "health"; prop.data ("alive", "true"); prop.text "Alive" ]
                            Html.strong executor.Name
                            Html.span [ prop.className "faint"; prop.text $"executor {executor.Id}" ]
                            Html.button [
                                prop.type' "button"
                                prop.className "button small"
                                prop.custom ("aria-expanded", isOpen)
                                prop.onClick (fun _ -> setOpen (not isOpen))
                                prop.text (if isOpen then "Hide what it runs" else "What it runs")
                            ]
                        ]
                    ]
                    Html.dl [
                        prop.className "facts"
                        prop.children [
                            fact "Slots used" [ slots {| executor = executor; key = "slots" |} ]
                            textFact "Groups" (String.concat ", " executor.Groups)
                            textFact "Version" executor.Version
                            fact "Heartbeat" [ Clock.time {| at = executor.LastActive |} ]
                            fact "Lease" [ leaseOf executor ]
                            fact "Started" [ Clock.time {| at = executor.Started |} ]
                        ]
                    ]
                    if isOpen then
                        running {| executor = executor |}
                ]
            ]
    )

let private goneTable: Table.Table<Executor> = {
    Label = "Executors that are gone"
    Key = fun executor -> string executor.Id
    Open = None
    Columns = [
        Table.text "ID" (fun executor -> string executor.Id)
        Table.text "Name" _.Name
        Table.text "Version" _.Version
        Table.cut "Groups" (fun executor -> String.concat ", " executor.Groups)
        Table.number "Capacity" (fun executor -> string executor.Capacity)
        Table.column "Started" (fun executor -> [ Clock.time {| at = executor.Started |} ])
        Table.column "Last heartbeat" (fun executor -> [ Clock.time {| at = executor.LastActive |} ])
        Table.column "Ended" (fun executor -> [ Clock.timeOr "declared dead" executor.Ended ])
    ]
}

let private gone (isWhole: bool) (executors: Executor list) : ReactElement =
    let count =
        if isWhole then
            $"Gone: {executors.Length}"
        else
            $"Gone: {executors.Length} or more"

    Html.details [
        prop.className "fold"
        prop.children [ Html.summary count; Table.view goneTable executors ]
    ]

let private list (executors: Executor list) : ReactElement =
    let sides = sides executors

    Html.fragment [
        if executors.IsEmpty then
            Basics.empty "No executor has registered yet." [
                Html.p "Workflows wait until an application with an executor starts."
            ]
        elif sides.Alive.IsEmpty then
            Basics.empty "No executor is alive." [ Html.p "Nothing runs until an application with an executor starts." ]
        else
            Html.div [
                prop.className "executors"
                prop.children [
                    for executor in sides.Alive ->
                        aliveCard {|
                            executor = executor
                            key = string executor.Id
                        |}
                ]
            ]

        if not sides.Gone.IsEmpty then
            gone (executors.Length < Types.ExecutorList.Most) sides.Gone
    ]

let view =
    React.functionComponent (
        "Executors",
        fun (_: {| session: Session |}) ->
            let executors = OverviewQueries.useExecutors ()

            Page.view
                {
                    Title = "Executors"
                    Lead = "The processes that run workflows. Each start of a process is a new executor."
                    Actions = []
                }
                [ shown "executors" executors list ]
    )
