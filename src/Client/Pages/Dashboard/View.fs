/// The dashboard: first what needs a person, then the last hour, what runs next, and the executors.
module GopherFlow.Client.Pages.Dashboard.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

/// Joins two queries; the data is there when both have data.
let private together (one: Query.Query<'a>) (other: Query.Query<'b>) : Query.Query<'a * 'b> = {
    Data = Option.map2 (fun one other -> one, other) one.Data other.Data
    Failure = one.Failure |> Option.orElse other.Failure
    ReadAt =
        if Instant.milliseconds one.ReadAt < Instant.milliseconds other.ReadAt then
            one.ReadAt
        else
            other.ReadAt
    Fetching = one.Fetching || other.Fetching
    Previous = one.Previous || other.Previous
    Refetch =
        fun () ->
            one.Refetch()
            other.Refetch()
}

let private needs =
    React.functionComponent (
        "Needs",
        fun
            (props:
                {|
                    session: Session
                    counts: Query.Query<WorkflowCount list>
                    executors: Query.Query<Executor list>
                |}) ->
            let attention = OverviewQueries.useAttention ()
            let beyond = OverviewQueries.useBeyond props.counts.Data attention.Data
            let late = OverviewQueries.useLate ()
            let definitions = Queries.useDefinitions ()
            let model, dispatch = Elm.useElm (fun () -> Model.first, []) Update.update

            Html.fragment [
                shown "what needs you" (together props.counts attention) (fun (counts, attention) ->
                    let known: Needs.Known = {
                        Counts = counts
                        Rows =
                            attention.Workflows @ (beyond.Data |> Option.defaultValue [])
                            |> List.distinctBy _.Id
                        Late = together props.executors late
                        Definitions = Option.defaultValue [] definitions.Data
                    }

                    Needs.section (Session.mayChange props.session) known model dispatch)
                Remedies.dialog model dispatch
            ]
    )

let private activity =
    React.functionComponent (
        "Activity",
        fun
            (props:
                {|
                    counts: Query.Query<WorkflowCount list>
                    executors: Query.Query<Executor list>
                |}) ->
            let throughput = OverviewQueries.useThroughput ()
            let upcoming = OverviewQueries.useUpcoming ()

            Html.div [
                prop.className "board"
                prop.children [
                    Html.div [
                        prop.className "board-main"
                        prop.children [
                            Panels.lastHour throughput
                            shown "the counts" props.counts (fun counts -> Panels.byType counts throughput.Data)
                        ]
                    ]
                    Html.div [
                        prop.className "board-side"
                        prop.children [ Panels.executors props.executors; Panels.runsNext upcoming ]
                    ]
                ]
            ]
    )

let view =
    React.functionComponent (
        "Dashboard",
        fun (props: {| session: Session |}) ->
            let counts = Queries.useCounts ()
            let executors = OverviewQueries.useExecutors ()
            let isEmpty = counts.Data |> Option.exists List.isEmpty

            Page.view
                {
                    Title = "Dashboard"
                    Lead = ""
                    Actions = []
                }
                [
                    if isEmpty then
                        Welcome.view props.session

                        Html.div [ prop.className "board-single"; prop.children [ Panels.executors executors ] ]
                    else
                        needs {|
                            session = props.session
                            counts = counts
                            executors = executors
                        |}

                        activity {|
                            counts = counts
                            executors = executors
                        |}
                ]
    )
