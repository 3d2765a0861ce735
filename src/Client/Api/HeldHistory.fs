/// The part of a history that has been read: the newest entries without a gap, and the cursor of the older ones.
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

/// The entries around one that is far older than those held.
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

/// Whether a position lies within a piece, so that what was there is known.
let holds (position: Id) (around: Around) : bool =
    match List.tryHead around.Held.Entries, List.tryLast around.Held.Entries with
    | Some newest, Some oldest -> oldest.Id <= position && (position <= newest.Id || not around.Newer)
    | _ -> false

/// When the position is this many entries from the end of a piece, the next piece is read.
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

/// The most pages that are read to reach the entries held. If that is not enough, the held entries are dropped.
let private mostPages = 5

/// The most entries that are held of a history that grows while it is shown. When a person has read more of it, that many are
/// held.
[<Literal>]
let MostHeld = 2000

/// When a workflow continues anew, the server deletes the entries before the generation that ends. So the second newest
/// CONTINUED_ANEW is the oldest entry that is left.
let private withoutDeleted (held: Held) : Held =
    let beginnings =
        held.Entries
        |> List.indexed
        |> List.filter (fun (_, entry) -> entry.Kind = "CONTINUED_ANEW")

    match List.tryItem 1 beginnings with
    | Some(index, _) -> {
        Entries = List.truncate (index + 1) held.Entries
        Older = None
      }
    | None -> held

/// Drops the entries that the server has deleted, and the oldest if there are more than `most`.
let limited (most: int) (held: Held) : Held =
    let left = withoutDeleted held

    if left.Entries.Length > most then
        let entries = List.truncate most left.Entries

        {
            Entries = entries
            Older = entries |> List.tryLast |> Option.map (fun oldest -> string oldest.Id)
        }
    else
        left

/// Puts newer entries before those held; None when there is a gap between them.
let meet (fresh: HistoryEntry list) (held: Held) : Held option =
    match held.Entries with
    | [] -> None
    | newest :: _ when fresh |> List.exists (fun entry -> entry.Id = newest.Id) ->
        Some {
            held with
                Entries = (fresh |> List.takeWhile (fun entry -> entry.Id > newest.Id)) @ held.Entries
        }
    | _ -> None

/// Adds the next older page.
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
            | Some met, _ -> resolved (limited (max MostHeld (held ()).Entries.Length) met)
            | None, Some next when pages < mostPages && not (held ()).Entries.IsEmpty ->
                collect found (Some next) (pages + 1)
            | None, next -> resolved { Entries = found; Older = next })

    collect [] None 1
