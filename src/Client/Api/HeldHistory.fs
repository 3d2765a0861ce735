/// What of a history has been read: the newest entries without a gap, and from where older ones come.
module GopherFlow.Client.Api.HeldHistory

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Promise

type Held = {
    /// Newest first.
    Entries: HistoryEntry list
    /// The cursor of the next older page; None when all of it has been read.
    Older: string option
}

let nothing: Held = { Entries = []; Older = None }

/// A piece of a history around an entry, when that is far behind what is held.
type Around = {
    Held: Held
    /// Whether there are newer entries than these.
    Newer: bool
}

/// Both pages join at the entry: it is the first of the older ones.
let join (newer: HistoryPage) (older: HistoryPage) : Around = {
    Held = {
        Entries = List.rev newer.Entries @ older.Entries
        Older = older.Next
    }
    Newer = newer.Next.IsSome
}

/// How near to the end of a piece the next one is read.
let private margin = 10

/// Whether a position is outside of a piece, or so near to its end that more is needed.
let isShort (position: Id) (around: Around) : bool =
    let entries = around.Held.Entries

    match entries |> List.tryFindIndex (fun entry -> entry.Id <= position) with
    | None -> true
    | Some 0 -> position > entries.Head.Id || around.Newer
    | Some index ->
        (around.Newer && index < margin)
        || (around.Held.Older.IsSome && index >= entries.Length - margin)

/// The first page is small, so that it is there at once.
[<Literal>]
let FirstPage = 200

[<Literal>]
let OlderPage = 1000

/// Pages that are read to catch up with what is held; a history that has grown more is read again from its start.
let private mostPages = 5

/// Newer entries in front of those that are held; None when they do not meet.
let meet (fresh: HistoryEntry list) (held: Held) : Held option =
    match held.Entries with
    | [] -> None
    | newest :: _ when fresh |> List.exists (fun entry -> entry.Id = newest.Id) ->
        Some {
            held with
                Entries = (fresh |> List.takeWhile (fun entry -> entry.Id > newest.Id)) @ held.Entries
        }
    | _ -> None

/// What is held, with the page before its oldest entry.
let extend (page: HistoryPage) (held: Held) : Held =
    let oldest = held.Entries |> List.tryLast |> Option.map _.Id

    let older =
        match oldest with
        | Some oldest -> page.Entries |> List.filter (fun entry -> entry.Id < oldest)
        | None -> page.Entries

    {
        Entries = held.Entries @ older
        Older = page.Next
    }

/// Reads from the newest entry back to what is held; `held` is asked at the end, because more may have been read meanwhile.
let refresh (read: string option -> JS.Promise<HistoryPage>) (held: unit -> Held) : JS.Promise<Held> =
    let rec collect (found: HistoryEntry list) (cursor: string option) (pages: int) : JS.Promise<Held> =
        read cursor
        |> bind (fun page ->
            let found = found @ page.Entries

            match meet found (held ()), page.Next with
            | Some met, _ -> resolved met
            | None, Some next when pages < mostPages && not (held ()).Entries.IsEmpty ->
                collect found (Some next) (pages + 1)
            | None, next -> resolved { Entries = found; Older = next })

    collect [] None 1
