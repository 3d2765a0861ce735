/// Reads again what may show deleted workflows, because no event reports a deletion.
module GopherFlow.Client.Api.Deletions

open Fable.Core
open GopherFlow.Client
open GopherFlow.Client.Promise

/// Whether a query shows or counts many workflows.
let showsMany (key: string list) : bool =
    match key with
    | [] -> false
    | name :: _ ->
        List.contains name [
            "workflows"
            "counts"
            "attention"
            "late"
            "upcoming"
            "children"
            "family"
            "versions"
            "script"
            "scripts"
        ]

/// Fetches again what may show workflows that this tab has deleted. Answers in flight may be older, too.
let refetch () : JS.Promise<unit> =
    LiveCache.doubtLists ()
    Query.refetchWhere showsMany

/// Longer lists are not checked for deletions by others: that would take too many searches.
let private mostReread = 2500

/// The cached value of a key when others may have deleted workflows; None when it does not change.
let suspected (key: string list) (held: obj) : obj option =
    match key with
    | "workflows" :: _ when (unbox<Listing.Listing> held).Rows.Length > mostReread -> None
    | _ -> LiveCache.doubted key held

/// Whether a query may show a workflow that others have deleted: lists and counts, and the page of a single workflow.
let mayShowDeleted (key: string list) : bool =
    List.tryHead key = Some "workflow" || showsMany key

/// The milliseconds between two checks for deletions by others.
let private pace = 60000

/// Checks for deletions by others until disposed, while the tab is visible: fetches again what may show deleted workflows.
let watch () : System.IDisposable =
    Browser.every pace (fun () ->
        if not (Browser.isHidden ()) then
            Query.revise suspected
            Query.refetchWhere mayShowDeleted |> start)
