/// The loaded part of a history: the newest entries without a gap, and the cursor of the older ones.
module GopherFlow.Client.Api.HeldHistory

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Promise

type Held = {
    /// Newest first.
    Entries: HistoryEntry list
    /// The cursor of the next older page; None when the whole history is loaded.
    Older: string option
}

let nothing: Held = { Entries = []; Older = None }

/// The entries around one entry that is far older than the loaded part.
type Around = {
    Held: Held
    /// Whether there are newer entries than these.
    Newer: bool
}

/// Joins two pages at the entry, which is the first of the older ones.
let join (newer: HistoryPage) (older: HistoryPage) : Around = {
    Held = {
        Entries = List.rev newer.Entries @ older.Entries
        Older = older.Next
    }
    Newer = newer.Next.IsSome
}

/// Whether a position is inside the loaded entries around it.
let holds (position: Id) (around: Around) : bool =
    match List.tryHead around.Held.Entries, List.tryLast around.Held.Entries with
    | Some newest, Some oldest -> oldest.Id <= position && (position <= newest.Id || not around.Newer)
    | _ -> false

/// The next entries are read when the position is this close to the end of the loaded ones.
let private margin = 10

/// Whether a position is outside the loaded entries, or so close to an end that more are needed.
let isShort (position: Id) (around: Around) : bool =
    let entries = around.Held.Entries

    match entries |> List.tryFindIndex (fun entry -> entry.Id <= position) with
    | None -> true
    | Some 0 -> position > entries.Head.Id || around.Newer
    | Some index ->
        (around.Newer && index < margin)
        || (around.Held.Older.IsSome && index >= entries.Length - margin)

/// The first page is small, so that it loads quickly.
[<Literal>]
let FirstPage = 200

[<Literal>]
let OlderPage = 1000

/// At most this many pages are read to close the gap to the loaded entries. If there is still a gap, the loaded entries are
/// dropped.
let private mostPages = 5

/// At most this many entries are kept of a history that grows while it is shown; if the user has loaded more, as many as are
/// loaded.
[<Literal>]
let MostHeld = 2000

/// When a workflow continues anew, the server deletes everything older than the previous generation. So the second newest
/// CONTINUED_ANEW is the oldest entry that remains.
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

/// Drops the entries that the server has deleted, and the oldest ones beyond `most`.
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

/// Puts newer entries before the loaded ones; None when there is a gap between them.
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

/// Reads from the newest entry back to the loaded ones. `held` is called after each page, because more may have been loaded
/// meanwhile.
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
