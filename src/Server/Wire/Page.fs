namespace GopherFlow.Server

open System
open System.Globalization

/// A page of a list: its size, and the cursor to start from. A cursor comes from the page before; to clients it is an opaque text.
type Page = { Limit: int; After: int64 option }

module internal Page =

    [<Literal>]
    let Usual = 50

    [<Literal>]
    let Largest = 1000

    [<Literal>]
    let CursorExpected = "the cursor that the page before gave as next"

    /// The id at which a page ended.
    let tryCursor (text: string) =
        match Int64.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, id when id > 0L -> Some id
        | _ -> None

    /// The cursor of the page after this one; none when this one is not full.
    let next (limit: int) (items: 'item list) (idOf: 'item -> int64) : string option =
        if items.Length < limit then
            None
        else
            List.tryLast items |> Option.map (idOf >> string)
