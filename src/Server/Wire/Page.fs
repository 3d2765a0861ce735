namespace GopherFlow.Server

open System
open System.Globalization

/// A page of a list: its size and the cursor to start from. A cursor is returned with the previous page; clients treat it as opaque.
type Page = { Limit: int; After: int64 option }

module internal Page =

    [<Literal>]
    let Usual = 50

    [<Literal>]
    let Largest = 1000

    [<Literal>]
    let CursorExpected = "the value of next in the previous page"

    /// The id with which the previous page ended.
    let tryCursor (text: string) =
        match Int64.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, id when id > 0L -> Some id
        | _ -> None

    /// The cursor for the next page; None if this page is not full.
    let next (limit: int) (items: 'item list) (idOf: 'item -> int64) : string option =
        if items.Length < limit then
            None
        else
            List.tryLast items |> Option.map (idOf >> string)
