/// A table with typed columns, whose rows can open a page when clicked.
module GopherFlow.Client.Parts.Table

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client

type Align =
    | Text
    | Number

type Column<'row> = {
    Header: string
    Align: Align
    Cell: 'row -> ReactElement list
}

let column (header: string) (cell: 'row -> ReactElement list) : Column<'row> = {
    Header = header
    Align = Text
    Cell = cell
}

let text (header: string) (cell: 'row -> string) : Column<'row> =
    column header (fun row -> [ Html.text (cell row) ])

let number (header: string) (cell: 'row -> string) : Column<'row> = { text header cell with Align = Number }

/// Text in one line, cut off at the end of the column; the whole text on hover.
let cut (header: string) (cell: 'row -> string) : Column<'row> =
    column header (fun row -> [
        let text = cell row
        Html.span [ prop.className "key"; prop.title text; prop.text text ]
    ])

type Table<'row> = {
    /// The name of the table for screen readers.
    Label: string
    Columns: Column<'row> list
    Key: 'row -> string
    /// The page that a row opens.
    Open: ('row -> Router.Page) option
}

let private className =
    function
    | Text -> ""
    | Number -> "amount"

/// The heading of a column; the column of buttons has one for screen readers only.
let heading (text: string) : ReactElement =
    if text = "" then
        Html.span [ prop.className "visually-hidden"; prop.text "Actions" ]
    else
        Html.text text

let private header (column: Column<'row>) : ReactElement =
    Html.th [
        prop.key column.Header
        prop.scope "col"
        prop.className (className column.Align)
        prop.children [ heading column.Header ]
    ]

let private row (table: Table<'row>) (row: 'row) : ReactElement =
    Html.tr [
        prop.key (table.Key row)
        prop.testId $"row-{table.Key row}"
        match table.Open with
        | Some page ->
            prop.className "openable"

            prop.onClick (fun event ->
                // A click on a link or a control in the row does not open the page.
                let isOwn: bool =
                    event?defaultPrevented
                    || not (isNullOrUndefined (event?target?closest "a, button, input, select, label"))

                if not isOwn then
                    Router.go (page row))
        | None -> ()
        prop.children [
            for column in table.Columns ->
                Html.td [
                    prop.key column.Header
                    prop.className (className column.Align)
                    prop.data ("label", column.Header)
                    prop.children (column.Cell row)
                ]
        ]
    ]

let private framed (className: string) (table: Table<'row>) (rows: 'row list) : ReactElement =
    Html.div [
        prop.className className
        prop.children [
            Html.table [
                prop.ariaLabel table.Label
                prop.children [
                    Html.thead [ Html.tr (List.map header table.Columns) ]
                    Html.tbody (List.map (row table) rows)
                ]
            ]
        ]
    ]

let view (table: Table<'row>) (rows: 'row list) : ReactElement = framed "table-frame" table rows

/// On a narrow screen each row is a block, with the names of its columns beside their values.
let stacking (table: Table<'row>) (rows: 'row list) : ReactElement =
    framed "table-frame stacking" table rows
