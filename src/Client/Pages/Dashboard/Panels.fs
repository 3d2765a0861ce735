/// The panels: the last hour, each type, what runs next, and the executors.
module GopherFlow.Client.Pages.Dashboard.Panels

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Charts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Dashboard.Model

let private quietly (text: string) : ReactElement =
    Html.p [ prop.className "faint panel-note"; prop.text text ]

let private panel (title: string) (actions: ReactElement list) (content: ReactElement list) : ReactElement =
    Page.section title actions [ Html.div [ prop.className "panel"; prop.children content ] ]

let lastHour (throughput: Query.Query<Throughput>) : ReactElement =
    panel "Last hour" [] [ shown "the last hour" throughput (Minutes.ofAll >> Lazy.ended) ]

let private countLink (filter: WorkflowFilter.WorkflowFilter) (tone: string) (count: Count) : ReactElement list =
    if count = 0.0 then
        [ Html.span [ prop.className "faint"; prop.text "0" ] ]
    else
        [
            linkWith (Router.Workflows filter) [
                prop.className "count-link"
                prop.data ("status", tone)
                prop.text (Numbers.count count)
            ]
        ]

let private spark (minutes: Minutes.Minute list option) : ReactElement list =
    match minutes with
    | Some minutes -> [
        Spark.view $"{Minutes.finished minutes} finished in the last hour" (minutes |> List.map _.Finished)
      ]
    | None -> [ Html.span [ prop.className "faint"; prop.text "–" ] ]

let private rate (minutes: Minutes.Minute list option) : string =
    match minutes with
    | Some minutes -> $"{System.Math.Round(Minutes.rate minutes, 1)}"
    | None -> "0"

let private typeTable (throughput: Map<string, Minutes.Minute list> option) : Table.Table<TypeCounts> =
    let minutes (row: TypeCounts) =
        throughput |> Option.bind (Map.tryFind row.Type)

    let number header cell = {
        Table.column header cell with
            Align = Table.Number
    }

    {
        Label = "Workflows by type"
        Key = _.Type
        Open = Some(fun row -> Router.Workflows(listOfType row.Type))
        Columns = [
            Table.column "Type" (fun row -> [ link (Router.Workflows(listOfType row.Type)) row.Type ])
            number "Running" (fun row -> countLink (listOfStatus row.Type Executing) "EXECUTING" row.Running)
            Table.number "Open" (fun row -> Numbers.count row.Open)
            number "Failed" (fun row -> countLink (listOfStatus row.Type Failed) "FAILED" row.Failed)
            number "Error" (fun row -> countLink (listOfStatus row.Type Errored) "ERROR" row.Errored)
            Table.number "Finished" (fun row -> Numbers.count row.Finished)
            if throughput.IsSome then
                Table.column "Last hour" (minutes >> spark)
                Table.number "Per min" (minutes >> rate)
        ]
    }

let byType (counts: WorkflowCount list) (throughput: Throughput option) : ReactElement =
    let byType = Option.map Minutes.byType throughput
    Page.section "By type" [] [ Table.view (typeTable byType) (ofTypes counts) ]

let private next (workflow: Workflow) : ReactElement =
    Html.li [
        prop.key (string workflow.Id)
        prop.className "next"
        prop.children [
            Clock.timeOr "" workflow.NextActivation
            linkWith (Router.Workflow workflow.Id) [
                prop.className "cut"
                prop.title $"Workflow {workflow.Id}, {workflow.BusinessKey}"
                prop.text $"{workflow.WorkflowType} {workflow.Id}"
            ]
            Html.span [
                prop.className "faint cut"
                prop.title workflow.State
                prop.text workflow.State
            ]
        ]
    ]

let runsNext (upcoming: Query.Query<Workflow list>) : ReactElement =
    panel "Runs next" [] [
        shown "what runs next" upcoming (function
            | [] -> quietly "Nothing is planned."
            | workflows -> Html.ul [ prop.className "nexts"; prop.children (List.map next workflows) ])
    ]

/// The work of only this many executors is fetched; the page of executors shows all.
let private most = 6

let private executor (executor: Executor) : ReactElement =
    Html.li [
        prop.key (string executor.Id)
        prop.className "executor-line"
        prop.children [
            Html.span [
                prop.className "health"
                prop.data ("alive", "true")
                prop.title $"""Alive; groups: {String.concat ", " executor.Groups}"""
                prop.text executor.Name
            ]
            Executors.View.slots {| executor = executor; key = "slots" |}
            Html.span [
                prop.className "lease"
                prop.children [
                    Html.span [ prop.className "faint"; prop.text "lease" ]
                    Executors.View.leaseOf executor
                ]
            ]
        ]
    ]

let executors (query: Query.Query<Executor list>) : ReactElement =
    panel "Executors" [ link Router.Executors "All executors" ] [
        shown "executors" query (fun executors ->
            let alive = (Executors.Model.sides executors).Alive

            if alive.IsEmpty then
                Html.p [
                    prop.className "late panel-note"
                    prop.role "alert"
                    prop.text "No executor is alive, so nothing runs."
                ]
            else
                Html.fragment [
                    Html.ul [
                        prop.className "executor-lines"
                        prop.children (alive |> List.truncate most |> List.map executor)
                    ]
                    if alive.Length > most then
                        let atLeast =
                            if ExecutorList.hasAllAlive executors then
                                ""
                            else
                                "at least "

                        quietly $"and {atLeast}{alive.Length - most} more"
                ])
    ]
