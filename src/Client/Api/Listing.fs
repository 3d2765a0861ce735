/// A list of workflows as far as it was read: newest first, without gaps, kept by events.
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
    /// Whether there are too many new ones to join what was read.
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

/// More than this are not kept in mind; those that are left out are read when they change again.
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

/// The id down to which a page says all.
let lowest (page: WorkflowPage) : Id =
    page.Next |> Option.map float |> Option.defaultValue 0.0

/// Between two ids, both included, there are these and no others.
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

/// With the newest page, read again.
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

/// So few on a page are too few to continue for ever.
let private few = 20

/// With the page that was asked for below an id; the same when the list is not read down to there any more.
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
                    // Somebody said that it is to continue.
                    elif listing.Stopped >= mostStopped then 1
                    else listing.Stopped + 1
        }

/// The ids, all of them below one, between which rows are to be read again; what is newer than all rows comes with the newest page.
let window (below: Id) (listing: Listing) : (Id * Id) option =
    let known = newest listing
    let wanted = listing.Wanted |> Set.filter (fun id -> id <= known && id < below)

    if wanted.IsEmpty then
        None
    else
        Some(wanted.MinimumElement, wanted.MaximumElement)

/// With what was read between two ids.
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

/// A list with an answer, after changes that were heard while the answer was on its way: it may be older than they are.
let after (filter: WorkflowFilter) (changes: WorkflowEvent seq) (listing: Listing) : Listing =
    changes
    |> Seq.fold (fun listing change -> heard filter change listing |> Option.defaultValue listing) listing

/// A list when changes may have been missed: all of its rows are to be read again, those that are too many to be kept in mind
/// when they come near.
let doubt (listing: Listing) : Listing =
    let doubted = want (listing.Rows |> Seq.map _.Id) { listing with Recount = true }

    match Array.tryLast listing.Rows with
    | Some oldest when not (doubted.Wanted.Contains oldest.Id) -> {
        doubted with
            ReadTo = doubted.Wanted.MinimumElement
            Stopped = 0
      }
    | _ -> doubted

/// Whether time alone changes what a filter means, or changes of which events tell too little to count it.
let drifts (filter: WorkflowFilter) : bool =
    filter.Terms
    |> List.exists (fun term ->
        List.contains term.Field [ Field.In; Field.Created; Field.Changed; Field.Ended; Field.Waits ])
