/// The executors and their health.
module GopherFlow.Client.Pages.Executors

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private health (executor: Executor) : ReactElement =
    Html.span [
        prop.className "health"
        prop.data ("alive", (if executor.Alive then "true" else "false"))
        prop.text (if executor.Alive then "Alive" else "Gone")
    ]

let private row (executor: Executor) : ReactElement =
    Html.tr [
        prop.key (string executor.Id)
        prop.children [
            Html.td [ prop.className "number"; prop.text $"{executor.Id}" ]
            Html.td [ health executor ]
            Html.td executor.Name
            Html.td (String.concat ", " executor.Groups)
            Html.td [ prop.className "number"; prop.text executor.Capacity ]
            Html.td [ Clock.time {| at = executor.Started |} ]
            Html.td [ Clock.time {| at = executor.LastActive |} ]
        ]
    ]

let private table (executors: Executor list) : ReactElement =
    if executors.IsEmpty then
        Basics.empty "No executor has registered yet." [
            Html.p "Workflows wait until an application with an executor starts."
        ]
    else
        Html.div [
            prop.className "table-frame"
            prop.children [
                Html.table [
                    prop.children [
                        Html.thead [
                            Html.tr [
                                for name in [ "ID"; "Health"; "Name"; "Groups"; "Capacity"; "Started"; "Last active" ] ->
                                    Html.th [ prop.key name; prop.scope "col"; prop.text name ]
                            ]
                        ]
                        Html.tbody (List.map row executors)
                    ]
                ]
            ]
        ]

let view =
    React.functionComponent (
        "Executors",
        fun (_: {| session: Session |}) ->
            let executors = Queries.useExecutors ()

            // No event tells of a heartbeat.
            let refresh () =
                if not (Browser.isHidden ()) then
                    executors.Refetch()

            React.useEffect ((fun () -> Browser.every 5000 refresh), [||])

            Html.div [
                prop.className "page"
                prop.children [
                    Html.header [ prop.className "page-head"; prop.children [ Html.h1 "Executors" ] ]
                    shown "executors" executors table
                ]
            ]
    )
