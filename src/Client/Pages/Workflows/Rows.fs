/// The virtual list: only the rows in view are rendered, and the scroll position follows the rows that the user reads.
module GopherFlow.Client.Pages.Workflows.Rows

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.Listing
open GopherFlow.Client.Pages.Workflows.Columns
open GopherFlow.Client.Pages.Workflows.Model
open GopherFlow.Client.Pages.Workflows.Selection

/// The row at the upper edge, and how much of it is above the edge.
type Place = { Row: Id; Above: float }

/// The scroll offset that keeps a place where it was. A row that is gone is replaced by the next older one.
let offset (rowHeight: float) (rows: Workflow[]) (place: Place) : float =
    match rows |> Array.tryFindIndex (fun row -> row.Id <= place.Row) with
    | Some index -> float index * rowHeight + place.Above
    | None -> float rows.Length * rowHeight

/// The number of rows above a row.
let newer (than: Id) (rows: Workflow[]) : int =
    rows
    |> Array.tryFindIndex (fun row -> row.Id <= than)
    |> Option.defaultValue rows.Length

/// The next page is read when fewer than this many rows are left below.
let private ahead = 30

let private heightOf (narrow: bool) = if narrow then 60 else 36

let private heading (columns: Column list) (rows: Workflow[]) (selection: Selection) (dispatch: Message -> unit) =
    let chosen = among rows selection
    let isAll = rows.Length > 0 && chosen.Length = rows.Length

    Html.div [
        prop.role "row"
        prop.className "list-row list-head"
        prop.custom ("aria-rowindex", 1)
        prop.children [
            Html.div [
                prop.role "columnheader"
                prop.className "cell"
                prop.data ("column", "mark")
                prop.children [
                    Html.label [
                        prop.className "mark-field"
                        prop.children [
                            Html.input [
                                prop.type' "checkbox"
                                prop.ariaLabel "Select all rows that are loaded"
                                prop.custom ("checked", isAll)
                                prop.custom ("onChange", (fun (_: obj) -> dispatch (ToggledShown rows)))
                            ]
                        ]
                    ]
                ]
            ]
            for column in columns do
                Html.div [
                    prop.key (name column)
                    prop.role "columnheader"
                    prop.className "cell"
                    prop.data ("column", name column)
                    prop.text (heading column)
                ]
        ]
    ]

let private foot (listing: Listing) (reading: Reading) (dispatch: Message -> unit) : ReactElement =
    let again (text: string) =
        Basics.button Basics.Plain Icons.search text None (fun () -> dispatch WantsMore)

    let children =
        match reading with
        | Broken problem -> [
            Html.span [ prop.className "fault"; prop.role "alert"; prop.text (Problem.text problem) ]
            again "Try again"
          ]
        | _ when (next listing).IsNone -> [ Html.text "There are no older workflows." ]
        | Idle when not (readsNextPage listing) -> [
            Html.text $"Searched down to workflow {listing.ReadTo}; found {listing.Rows.Length}."
            again "Continue the search"
          ]
        | _ -> [ Html.text "Loading older workflows…" ]

    Html.div [ prop.className "rows-foot"; prop.role "status"; prop.children children ]

let private pill (listing: Listing) (fresh: int) (go: unit -> unit) : ReactElement =
    let text =
        if listing.Ahead then "Many new workflows"
        elif fresh = 1 then "1 new"
        else $"{fresh} new"

    if fresh > 0 || listing.Ahead then
        Html.button [
            prop.type' "button"
            prop.className "rows-pill"
            prop.onClick (fun _ -> go ())
            prop.children [ Icons.up; Html.text text ]
        ]
    else
        Html.none

type Props = {|
    listing: Listing
    columns: Column list
    selection: Selection
    reading: Reading
    dispatch: Message -> unit
|}

let private newestOf (rows: Workflow[]) =
    rows |> Array.tryHead |> Option.map _.Id |> Option.defaultValue 0.0

let view =
    React.functionComponent (
        "WorkflowRows",
        fun (props: Props) ->
            let scroller = React.useRef (null: obj)
            let place = React.useRef (None: Place option)
            let latest = React.useRef props.listing.Rows
            let seen, see = React.useState (newestOf props.listing.Rows)
            let atTop, setAtTop = React.useState true
            let rowHeight = heightOf (Width.useNarrow ())
            let rows = props.listing.Rows
            let window = Virtual.useRows scroller rows.Length rowHeight
            latest.current <- rows

            let scrolled () =
                let top: float = scroller.current?scrollTop
                let index = int (top / float rowHeight)

                place.current <-
                    if top <= 0.0 then
                        None
                    else
                        Array.tryItem index latest.current
                        |> Option.map (fun row -> {
                            Row = row.Id
                            Above = top - float (index * rowHeight)
                        })

                setAtTop (top <= 0.0)

            Virtual.useBeforePaint
                (fun () ->
                    match place.current with
                    | Some place -> scroller.current?scrollTop <- offset (float rowHeight) rows place
                    | None -> ())
                [| box rows; box rowHeight |]

            React.useEffect (
                (fun () ->
                    if atTop then
                        see (newestOf rows)

                        if props.listing.Ahead then
                            props.dispatch WantsNewest),
                [| box atTop; box rows; box props.listing.Ahead |]
            )

            let last =
                window.Items |> List.tryLast |> Option.map _.Index |> Option.defaultValue 0

            let nearsEnd =
                last + ahead >= keptRows props.listing
                && readsNextPage props.listing
                && props.reading = Idle

            React.useEffect (
                (fun () ->
                    if nearsEnd then
                        props.dispatch WantsMore),
                [| box nearsEnd; box props.listing.ReadTo |]
            )

            let choose =
                React.useMemo (
                    (fun () ->
                        fun (id: Id) (shift: bool) ->
                            props.dispatch (
                                if shift then
                                    Extended(id, latest.current)
                                else
                                    Toggled(id, latest.current)
                            )),
                    [||]
                )

            let toTop () =
                place.current <- None
                scroller.current?scrollTop <- 0

            Html.div [
                prop.className "rows-frame"
                prop.children [
                    pill props.listing (if atTop then 0 else newer seen rows) toTop
                    Html.div [
                        prop.ref scroller
                        prop.className "rows"
                        prop.tabIndex 0
                        prop.custom ("onScroll", (fun (_: obj) -> scrolled ()))
                        prop.children [
                            Html.div [
                                prop.role "table"
                                prop.ariaLabel "Workflows, newest first"
                                prop.custom (
                                    "aria-rowcount",
                                    (match next props.listing, props.listing.Total with
                                     | None, _ -> rows.Length + 1
                                     | Some _, Some total -> int total + 1
                                     | Some _, None -> -1)
                                )
                                prop.children [
                                    heading props.columns rows props.selection props.dispatch
                                    Html.div [
                                        prop.role "rowgroup"
                                        prop.className "rows-all"
                                        prop.style [ style.height window.Height ]
                                        prop.children [
                                            for item in window.Items do
                                                match Array.tryItem item.Index rows with
                                                | Some workflow ->
                                                    Row.view {
                                                        Workflow = workflow
                                                        Index = item.Index
                                                        Start = item.Start
                                                        IsChosen = contains workflow.Id props.selection
                                                        Columns = props.columns
                                                        Choose = choose
                                                    }
                                                | None -> ()
                                        ]
                                    ]
                                ]
                            ]
                            foot props.listing props.reading props.dispatch
                        ]
                    ]
                ]
            ]
    )
