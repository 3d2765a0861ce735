/// The page of the audit log.
module GopherFlow.Client.Pages.Audit.View

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Audit.Model

let private who (entry: AuditLogEntry) : ReactElement list = [
    match entry.UserId with
    | Some id -> link (Router.User id) entry.Actor
    | None -> Html.text entry.Actor
    if entry.ApiKeyId.IsSome then
        Html.span [
            prop.className "remark"
            prop.title $"With the API key {entry.ApiKeyId.Value}"
            prop.text "API key"
        ]
    match entry.Address with
    | Some address -> Html.div [ prop.className "faint"; prop.text $"from {address}" ]
    | None -> Html.none
]

let private what (entry: AuditLogEntry) : ReactElement list = [
    Html.div [
        prop.className "wraps"
        prop.title entry.Action
        prop.text (Describe.action entry.Action)
    ]
    if entry.Outcome <> "done" then
        Html.span [
            prop.className "standing"
            prop.data ("tone", "bad")
            prop.text (
                match Describe.refusal entry with
                | "" -> entry.Outcome
                | reason -> $"{entry.Outcome}: {reason}"
            )
        ]
]

let private target (entry: AuditLogEntry) : ReactElement list = [
    if entry.TargetId <> "" then
        let text = $"{Describe.kindWord entry.TargetKind} {entry.TargetId}"

        match Describe.page entry.TargetKind entry.TargetId with
        | Some page -> linkWith page [ prop.className "wraps"; prop.text text ]
        | None -> Html.span [ prop.className "wraps"; prop.text text ]
]

let private value (className: string) (text: string) : ReactElement =
    Html.span [ prop.className className; prop.title text; prop.text text ]

let private change (change: Describe.Change) : ReactElement =
    Html.li [
        prop.key change.Name
        prop.children [
            if change.Name <> "" then
                Html.span [ prop.className "faint"; prop.text $"{change.Name} " ]
            match change.Before, change.After with
            | Some before, Some after ->
                value "was" before
                Html.text " → "
                value "is" after
            | Some before, None -> value "was" before
            | None, Some after -> value "is" after
            | None, None -> Html.none
        ]
    ]

let private changes (entry: AuditLogEntry) : ReactElement list =
    if entry.Outcome <> "done" then
        []
    else
        match Describe.changes entry.Before entry.After with
        | [] -> []
        | changes -> [
            Html.ul [ prop.className "differences"; prop.children (List.map change changes) ]
          ]

let private table: Table.Table<AuditLogEntry> = {
    Label = "Audit log"
    Key = fun entry -> string entry.Id
    Open = None
    Columns = [
        Table.column "When" (fun entry -> [
            Html.span [
                prop.title (
                    match entry.RequestId with
                    | Some id -> $"In the server log under {id}"
                    | None -> ""
                )
                prop.children [ Clock.time {| at = entry.At |} ]
            ]
        ])
        Table.column "Who" who
        Table.column "What" what
        Table.column "On" target
        Table.column "Changes" changes
    ]
}

let private pager (place: Place) (page: AuditLogPage) (dispatch: Msg -> unit) : ReactElement =
    Html.div [
        prop.className "pager"
        prop.children [
            Html.span [
                prop.className "faint"
                prop.text (
                    match page.Entries with
                    | [] -> ""
                    | [ _ ] -> "One entry"
                    | entries -> $"{entries.Length} entries"
                )
            ]
            if place.Cursor.IsSome then
                button Plain Icons.up "Newest" None (fun () -> dispatch Newest)
            match page.Next with
            | Some cursor -> button Plain Icons.stepForward "Older" None (fun () -> dispatch (Older cursor))
            | None when not page.Entries.IsEmpty -> Html.span [ prop.className "faint"; prop.text "The oldest entry" ]
            | None -> Html.none
        ]
    ]

let private nothing (place: Place) (dispatch: Msg -> unit) : ReactElement =
    if place.Filter = Update.everything then
        empty "The log is empty." [ Html.p "Changes by users and their API keys are listed here." ]
    else
        empty "No entry matches these filters." [
            button Plain Icons.cross "Clear the filters" None (fun () -> dispatch Clear)
        ]

let private toTop () : unit =
    let main: obj = Browser.document?querySelector "main"

    if not (isNullOrUndefined main) then
        main?scrollTop <- 0

let private effect (Go page) : Elm.Effect<Msg> =
    Elm.Effect.ofAction (fun () ->
        Router.go page
        toTop ())

let private content =
    React.functionComponent (
        "AuditLog",
        fun (props: {| pairs: (string * string) list |}) ->
            let place = Update.ofPairs props.pairs
            let address = Router.address (Router.Audit props.pairs)

            let model, dispatch =
                Elm.useElm (fun () -> Update.init place, []) (fun msg model ->
                    let next, commands = Update.update msg model
                    next, List.map effect commands)

            React.useEffect ((fun () -> dispatch (Came place)), [| box address |])
            let log = Queries.useAuditLog (Update.toPairs place)

            // No events report new entries, so the first page is fetched at intervals.
            let refresh () =
                if place.Cursor.IsNone && not (Browser.isHidden ()) then
                    log.Refetch()

            React.useEffect ((fun () -> Browser.every 5000 refresh), [| box address |])

            Page.view
                {
                    Title = "Audit log"
                    Lead = "Changes by users and their API keys, and refused attempts, newest first."
                    Actions = []
                }
                [
                    Filters.view model dispatch
                    shown "the audit log" log (fun page ->
                        Html.div [
                            prop.className (if log.Previous then "results stale" else "results")
                            prop.children [
                                if page.Entries.IsEmpty then
                                    nothing place dispatch
                                else
                                    Table.stacking table page.Entries
                                pager place page dispatch
                            ]
                        ])
                ]
    )

let view =
    React.functionComponent (
        "Audit",
        fun
            (props:
                {|
                    filter: (string * string) list
                    session: Session
                |}) ->
            if Session.isAdmin props.session then
                content {| pairs = props.filter |}
            else
                AdminsOnly.view "Audit log" "Only admins can read the audit log." []
    )
