/// The history tab, newest first; only of one state when that is selected on the diagram.
module GopherFlow.Client.Pages.Workflow.History

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.HeldHistory
open GopherFlow.Client.Pages.Workflow.Model

/// The number of rows that are rendered at a time.
let private most = 60

let private errorOf (error: AttemptError) : ReactElement =
    Html.div [
        prop.className "error"
        prop.children [
            Html.p [
                prop.children [
                    Html.strong error.Type
                    if error.Message <> "" then
                        Html.text $": {error.Message}"
                ]
            ]
            match error.Stack with
            | Some stack ->
                Html.details [
                    prop.onClick (fun event -> event?stopPropagation ())
                    prop.children [ Html.summary "Stack"; Html.pre [ prop.tabIndex 0; prop.text stack ] ]
                ]
            | None -> ()
        ]
    ]

let private shortened (text: string) =
    if text.Length > 60 then
        text.Substring(0, 58) + "…"
    else
        text

/// The changed variables; in the first entry of a history, all of them.
let private changeOf (trace: VariableTrace) : ReactElement =
    Html.dl [
        prop.className "change"
        prop.children [
            for name, value in Json.entriesOf trace.Set do
                Html.div [
                    prop.key name
                    prop.children [ Html.dt name; Html.dd [ Html.code (shortened (Json.write value)) ] ]
                ]
            for name in trace.Omitted do
                Html.div [
                    prop.key name
                    prop.children [
                        Html.dt name
                        Html.dd [
                            Html.span [ prop.className "faint"; prop.text "set; the history does not keep it" ]
                        ]
                    ]
                ]
            for name in trace.Removed do
                Html.div [
                    prop.key name
                    prop.children [
                        Html.dt name
                        Html.dd [ Html.span [ prop.className "faint"; prop.text "removed" ] ]
                    ]
                ]
        ]
    ]

/// When the workflow is due next, as of the entry. Left out if it is due at once, or if something else woke it.
let private due (entry: HistoryEntry) : ReactElement =
    match entry.Due with
    | Some due when
        not (Status.isOver (Status.ofWire entry.Status))
        && entry.Kind <> "CHILD_WOKE"
        && entry.Kind <> "SIGNALLED"
        && Instant.milliseconds due - Instant.milliseconds entry.At > 500.0
        ->
        Html.p [
            prop.className "entry-note"
            prop.children [ Html.text $"{Describe.dueWord entry} "; Telling.at due ]
        ]
    | _ -> Html.none

let private body (entry: HistoryEntry) : ReactElement list = [
    match Describe.notes entry with
    | [] -> ()
    | notes -> Html.p [ prop.className "entry-note"; prop.text (String.concat " · " notes) ]

    match entry.Text with
    | Some text when entry.Kind <> "CHILD_WOKE" -> Html.p [ prop.className "entry-said"; prop.text text ]
    | _ -> ()

    due entry

    match entry.Error with
    | Some error -> errorOf error
    | None -> ()

    match entry.Variables with
    | Some trace -> changeOf trace
    | None -> ()
]

let private head (mark: Describe.Mark) (sentence: string) (by: string option) (time: Instant) : ReactElement =
    Html.div [
        prop.className "entry-head"
        prop.children [
            Html.span [ prop.className "entry-mark"; prop.children [ Telling.icon mark ] ]
            Html.div [
                prop.className "entry-sentence"
                prop.children [
                    Html.text $"{sentence} "
                    match by with
                    | Some by -> Html.span [ prop.className "entry-by"; prop.text by ]
                    | None -> ()
                ]
            ]
            Telling.at time
        ]
    ]

/// A row. A click or Enter shows its entry on the diagram.
let private item
    (here: bool)
    (entry: HistoryEntry)
    (mark: Describe.Mark)
    (go: unit -> unit)
    (children: ReactElement list)
    =
    Html.li [
        prop.key (string entry.Id)
        prop.className "entry"
        prop.tabIndex 0
        prop.data ("tone", Telling.tone mark)
        prop.data ("entry-id", string entry.Id)
        prop.data ("here", (if here then "true" else "false"))
        if here then
            prop.ariaCurrent "true"
        prop.title "Show the workflow as it was here"
        prop.onClick (fun event ->
            if isNullOrUndefined (event?target?closest "details, a, pre") then
                go ())
        prop.onKeyDown (fun event ->
            if event?key = "Enter" && event?target = event?currentTarget then
                go ())
        prop.children children
    ]

let private row (position: Id option) (go: Id -> unit) (row: Describe.Row) : ReactElement =
    match row with
    | Describe.One entry ->
        let mark = Describe.mark entry

        item (position = Some entry.Id) entry mark (fun () -> go entry.Id) [
            head mark (Describe.sentence entry) (Describe.actor entry) entry.At
            yield! body entry
        ]
    | Describe.Attempts(state, failed, succeeded) ->
        let newest = failed.Head
        let isHere (entry: HistoryEntry) = position = Some entry.Id

        item (List.exists isHere failed) newest Describe.Failed (fun () -> go newest.Id) [
            head Describe.Failed $"{state}: {Describe.attempts failed.Length succeeded}" None newest.At
            match newest.Error with
            | Some error -> errorOf error
            | None -> ()
            due newest
            Html.details [
                prop.className "entry-attempts"
                prop.children [
                    Html.summary "Each attempt"
                    Html.ol [
                        prop.children [
                            for entry in failed ->
                                Html.li [
                                    prop.key (string entry.Id)
                                    prop.children [
                                        head Describe.Failed (Describe.sentence entry) (Describe.actor entry) entry.At
                                        yield! body entry
                                    ]
                                ]
                        ]
                    ]
                ]
            ]
        ]

/// Scrolls to the row of the position.
let private reveal (list: obj) : unit =
    if not (isNullOrUndefined list) then
        let here = list?querySelector "[data-here=true]"

        if not (isNullOrUndefined here) then
            here?scrollIntoView (createObj [ "block", box "nearest" ])

/// The row that shows an entry, or the next older one.
let private indexOf (position: Id) (rows: Describe.Row[]) : int =
    rows
    |> Array.tryFindIndex (fun row -> (Describe.entriesOf row |> List.last).Id <= position)
    |> Option.defaultValue (rows.Length - 1)

let view =
    React.functionComponent (
        "History",
        fun
            (props:
                {|
                    id: Id
                    held: Held
                    isNewest: bool
                    state: string option
                    position: Id option
                    dispatch: Message -> unit
                |}) ->
            let list = React.useRef (null: obj)
            let first, setFirst = React.useState 0
            let count, setCount = React.useState most
            let reading, older = OlderEntries.useOlder props.id ignore

            let rows =
                React.useMemo (
                    (fun () ->
                        props.held.Entries
                        |> List.filter (fun entry ->
                            props.state |> Option.forall (fun state -> Describe.concerns state entry))
                        |> Describe.rows
                        |> Array.ofList),
                    [| box props.held; box props.state |]
                )

            // Render the rows around the position.
            React.useEffect (
                (fun () ->
                    match props.position with
                    | Some at when rows.Length > 0 ->
                        let index = indexOf at rows

                        if index < first || index >= first + count then
                            setFirst (max 0 (index - most / 2))
                            setCount most
                    | None -> setFirst 0
                    | _ -> ()),
                [| box props.position; box rows |]
            )

            React.useEffect (
                (fun () ->
                    if props.position.IsSome then
                        reveal list.current),
                [| box props.position; box first; box rows |]
            )

            // Far back, the entries around the position are loaded, so move the position.
            let further () =
                props.held.Entries
                |> List.tryLast
                |> Option.iter (fun oldest -> props.dispatch (WentTo(Some oldest.Id)))

            let from = min first (max 0 (rows.Length - 1))
            let shown = rows |> Array.skip from |> Array.truncate count
            let go (id: Id) = props.dispatch (WentTo(Some id))

            Html.div [
                prop.ref list
                prop.children [
                    if from > 0 then
                        button Plain Icons.up $"Newer ({from})" None (fun () ->
                            setFirst (max 0 (from - most))
                            setCount (count + most))

                    if rows.Length = 0 && props.held.Older.IsNone then
                        Basics.empty "Nothing has happened here yet." []
                    else
                        Html.ol [
                            prop.className "history"
                            prop.children (shown |> Array.map (row props.position go))
                        ]

                    if from + shown.Length < rows.Length then
                        button Plain Icons.list $"Older ({rows.Length - from - shown.Length} more)" None (fun () ->
                            setCount (count + most))
                    elif props.held.Older.IsSome then
                        button
                            Plain
                            Icons.list
                            (OlderEntries.text "Read older entries" reading)
                            (if reading = OlderEntries.Reading.Underway then
                                 Some "They are being loaded."
                             else
                                 None)
                            (if props.isNewest then older else further)
                ]
            ]
    )
