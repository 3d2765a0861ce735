/// The part of a list of workflows that was read: newest first, without gaps, kept up to date by events.
module GopherFlow.Client.Api.Listing

open GopherFlow.Contract
open GopherFlow.Client.Api.WorkflowFilter

type Listing = {
    /// Newest first.
    Rows: Workflow[]
    /// The list was read down to this id; 0 when to its end. Rows below it may be out of date: they are read again with the next pages.
    ReadTo: Id
    /// How many the filter means; None when the server does not know.
    Total: Count option
    /// Workflows whose rows are to be read again.
    Wanted: Set<Id>
    /// Whether the total may have changed.
    Recount: bool
    /// How many searches in a row have stopped early and found little.
    Stopped: int
    /// Whether there are so many new rows that the newest page does not reach those that were read.
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

/// Where the next page begins; None when the end was read.
let next (listing: Listing) : Id option =
    if listing.ReadTo > 0.0 then Some listing.ReadTo else None

/// A search that stops early this often in a row continues only when a person says so.
let mostStopped = 5

/// How many rows, from the newest, are kept by events.
let keptRows (listing: Listing) : int =
    match Array.tryLast listing.Rows with
    | Some oldest when oldest.Id < listing.ReadTo ->
        listing.Rows |> Array.findIndex (fun row -> row.Id < listing.ReadTo)
    | _ -> listing.Rows.Length

/// Whether the next page is to be read without being asked for.
let readsNextPage (listing: Listing) : bool =
    listing.ReadTo > 0.0 && listing.Stopped < mostStopped

let isBehind (listing: Listing) : bool =
    listing.Recount || not listing.Wanted.IsEmpty

/// The most ids that are noted for another read. A row that is left out is read when it changes again.
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

/// A page has every workflow down to this id.
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

/// The newest id that was read; nothing when only the end is known.
let private newest (listing: Listing) : Id =
    listing.Rows
    |> Array.tryHead
    |> Option.map _.Id
    |> Option.defaultValue listing.ReadTo

/// Puts the newest page in, read again.
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

/// Searches that stop early and find fewer rows than this do not continue for ever.
let private few = 20

/// Adds the page that was read below an id. Changes nothing when the list no longer ends there.
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
                    // A person has asked to continue.
                    elif listing.Stopped >= mostStopped then 1
                    else listing.Stopped + 1
        }

/// The lowest and the highest id, below the given one, of the rows to be read again. Newer rows than all of the list come with the newest page.
let window (below: Id) (listing: Listing) : (Id * Id) option =
    let known = newest listing
    let wanted = listing.Wanted |> Set.filter (fun id -> id <= known && id < below)

    if wanted.IsEmpty then
        None
    else
        Some(wanted.MinimumElement, wanted.MaximumElement)

/// Puts in what was read between two ids.
let between (first: Id) (last: Id) (page: WorkflowPage) (listing: Listing) : Listing =
    put (max first (lowest page)) last page.Workflows listing

/// Rows are in the order of their ids, from high to low.
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

/// A list after an event; None when it stays as it is.
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

/// Applies the changes that came while an answer was on its way, because the answer may be older.
let after (filter: WorkflowFilter) (changes: WorkflowEvent seq) (listing: Listing) : Listing =
    changes
    |> Seq.fold (fun listing change -> heard filter change listing |> Option.defaultValue listing) listing

/// Marks all rows for another read, because changes may have been missed. If there are too many to note, the older ones are
/// read again when the reader scrolls near them.
let doubt (listing: Listing) : Listing =
    let doubted = want (listing.Rows |> Seq.map _.Id) { listing with Recount = true }

    match Array.tryLast listing.Rows with
    | Some oldest when not (doubted.Wanted.Contains oldest.Id) -> {
        doubted with
            ReadTo = doubted.Wanted.MinimumElement
            Stopped = 0
      }
    | _ -> doubted

/// Whether a list changes without an event that says so: as time passes, or by data that events do not contain.
let drifts (filter: WorkflowFilter) : bool =
    filter.Terms
    |> List.exists (fun term ->
        List.contains term.Field [ Field.In; Field.Created; Field.Changed; Field.Ended; Field.Waits ])
