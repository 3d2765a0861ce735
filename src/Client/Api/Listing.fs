/// The loaded part of a list of workflows: newest first, without gaps, kept up to date by events.
module GopherFlow.Client.Api.Listing

open GopherFlow.Contract
open GopherFlow.Client.Api.WorkflowFilter

type Listing = {
    /// Newest first.
    Rows: Workflow[]
    /// The list is loaded down to this id; 0 when it is loaded to its end. Rows below this id may be out of date and are read
    /// again with the next pages.
    ReadTo: Id
    /// How many workflows match the filter; None when the server does not know.
    Total: Count option
    /// Ids of the rows to read again.
    Wanted: Set<Id>
    /// Whether the total may have changed.
    Recount: bool
    /// How many consecutive searches stopped early and found little.
    Stopped: int
    /// Whether there are so many new rows that the newest page does not reach the loaded ones.
    Ahead: bool
}

let unread = {
    Rows = [||]
    ReadTo = infinity
    Total = None
    Wanted = Set.empty
    Recount = false
    Stopped = 0
    Ahead = false
}

/// The id below which the next page starts; None when the list is loaded to its end.
let next (listing: Listing) : Id option =
    if listing.ReadTo > 0.0 then Some listing.ReadTo else None

/// After this many consecutive searches that stopped early, the user has to ask for more.
let mostStopped = 5

/// The number of rows, from the newest, that events keep up to date.
let keptRows (listing: Listing) : int =
    match Array.tryLast listing.Rows with
    | Some oldest when oldest.Id < listing.ReadTo ->
        listing.Rows |> Array.findIndex (fun row -> row.Id < listing.ReadTo)
    | _ -> listing.Rows.Length

/// Whether the next page is read automatically.
let readsNextPage (listing: Listing) : bool =
    listing.ReadTo > 0.0 && listing.Stopped < mostStopped

let isBehind (listing: Listing) : bool =
    listing.Recount || not listing.Wanted.IsEmpty

/// At most this many ids are kept for another read. A row that is dropped from them is read when it changes again.
let private mostWanted = 2500

let private want (ids: Id seq) (listing: Listing) : Listing =
    let wanted = Seq.fold (fun (all: Set<Id>) id -> all.Add id) listing.Wanted ids

    {
        listing with
            Wanted =
                if wanted.Count > mostWanted then
                    Set.ofSeq (Seq.skip (wanted.Count - mostWanted) wanted)
                else
                    wanted
    }

/// The page contains every matching workflow down to this id.
let lowest (page: WorkflowPage) : Id =
    page.Next |> Option.map float |> Option.defaultValue 0.0

/// Replaces the rows between two ids, both included.
let private put (low: Id) (high: Id) (found: Workflow list) (listing: Listing) : Listing =
    let above = listing.Rows |> Array.filter (fun row -> row.Id > high)
    let below = listing.Rows |> Array.filter (fun row -> row.Id < low)

    {
        listing with
            Rows = Array.concat [ above; List.toArray found; below ]
            Wanted = listing.Wanted |> Set.filter (fun id -> id < low || id > high)
    }

/// The newest loaded id, or ReadTo when no rows are loaded.
let private newest (listing: Listing) : Id =
    listing.Rows
    |> Array.tryHead
    |> Option.map _.Id
    |> Option.defaultValue listing.ReadTo

/// Merges the newest page.
let top (page: WorkflowPage) (listing: Listing) : Listing =
    let low = lowest page

    let listing = {
        listing with
            Total = page.Total
            Recount = false
    }

    if listing.ReadTo < low && newest listing < low then
        let known = newest listing

        {
            listing with
                Ahead = true
                Wanted = listing.Wanted |> Set.filter (fun id -> id <= known)
        }
    else
        {
            put low infinity page.Workflows listing with
                ReadTo = min low listing.ReadTo
                Ahead = false
                Stopped =
                    if listing.ReadTo = infinity && page.Partial then
                        1
                    else
                        listing.Stopped
        }

/// A search that stops early and finds fewer rows than this counts as having found little.
let private few = 20

/// Adds the page below an id. Changes nothing when the list no longer ends there.
let more (below: Id) (page: WorkflowPage) (listing: Listing) : Listing =
    let low = lowest page

    if listing.ReadTo <> below || low >= below then
        listing
    else
        let isPoor = page.Partial && page.Workflows.Length < few

        {
            put low (below - 1.0) page.Workflows listing with
                ReadTo = low
                Stopped =
                    if not isPoor then 0
                    // The user asked to continue.
                    elif listing.Stopped >= mostStopped then 1
                    else listing.Stopped + 1
        }

/// The lowest and the highest id, below the given one, of the rows to read again. Rows newer than the list come with the newest
/// page.
let window (below: Id) (listing: Listing) : (Id * Id) option =
    let known = newest listing
    let wanted = listing.Wanted |> Set.filter (fun id -> id <= known && id < below)

    if wanted.IsEmpty then
        None
    else
        Some(wanted.MinimumElement, wanted.MaximumElement)

/// Merges the rows that were read between two ids.
let between (first: Id) (last: Id) (page: WorkflowPage) (listing: Listing) : Listing =
    put (max first (lowest page)) last page.Workflows listing

/// Binary search: rows are sorted by descending id.
let private tryIndex (id: Id) (rows: Workflow[]) : int option =
    let rec seek low high =
        if low > high then
            None
        else
            let middle = (low + high) / 2
            let found = rows[middle].Id

            if found = id then Some middle
            elif found > id then seek (middle + 1) high
            else seek low (middle - 1)

    seek 0 (rows.Length - 1)

/// The list after an event; None when it does not change.
let heard (filter: WorkflowFilter) (change: WorkflowEvent) (listing: Listing) : Listing option =
    let isMeant = Patch.mayMean filter change

    match tryIndex change.Id listing.Rows with
    | Some index when isMeant ->
        let rows = Array.copy listing.Rows
        rows[index] <- Patch.row change rows[index]
        Some(want [ change.Id ] { listing with Rows = rows })
    | Some index ->
        Some {
            listing with
                Rows = Array.removeAt index listing.Rows
                Recount = true
        }
    | None when isMeant && change.Id >= listing.ReadTo -> Some(want [ change.Id ] listing)
    | None when listing.Total.IsSome && not listing.Recount && Patch.mayCount filter change ->
        Some { listing with Recount = true }
    | None -> None

/// Applies the changes that arrived while a request was in flight, because its answer may be older.
let after (filter: WorkflowFilter) (changes: WorkflowEvent seq) (listing: Listing) : Listing =
    changes
    |> Seq.fold (fun listing change -> heard filter change listing |> Option.defaultValue listing) listing

/// Marks all rows for another read, because changes may have been missed. If there are too many, the older ones are read again
/// when the user scrolls to them.
let doubt (listing: Listing) : Listing =
    let doubted = want (listing.Rows |> Seq.map _.Id) { listing with Recount = true }

    match Array.tryLast listing.Rows with
    | Some oldest when not (doubted.Wanted.Contains oldest.Id) -> {
        doubted with
            ReadTo = doubted.Wanted.MinimumElement
            Stopped = 0
      }
    | _ -> doubted

/// Whether the list can change without an event: because time passes, or because of data that events do not contain.
let drifts (filter: WorkflowFilter) : bool =
    filter.Terms
    |> List.exists (fun term ->
        List.contains term.Field [ Field.In; Field.Created; Field.Changed; Field.Ended; Field.Waits ])
