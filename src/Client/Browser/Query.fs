/// The part of TanStack Query that pages use: `useQuery key fetch`, one client, and marking cached data as out of date.
module GopherFlow.Client.Query

open System
open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise

type Query<'t> = {
    Data: 't option
    Failure: exn option
    /// When the data was fetched.
    ReadAt: Instant
    Fetching: bool
    /// The data belongs to the previous key, while the data of the new key is being fetched.
    Previous: bool
    Refetch: unit -> unit
}

module private Imported =
    [<Import("useQuery", "@tanstack/react-query")>]
    let useQuery (_options: obj) : obj = jsNative

    [<Import("keepPreviousData", "@tanstack/react-query")>]
    let keepPrevious: obj = jsNative

    [<Import("QueryClientProvider", "@tanstack/react-query")>]
    let provider: obj = jsNative

    [<Import("QueryClient", "@tanstack/react-query"); Emit("new $0($1)")>]
    let createClient (_options: obj) : obj = jsNative

// Live events report when data is out of date, so it is not fetched again on focus or after some time.
let client: obj =
    Imported.createClient (
        createObj [
            "defaultOptions",
            createObj [
                "queries",
                createObj [
                    "staleTime", 10000
                    "gcTime", 60000
                    "retry", false
                    "refetchOnWindowFocus", false
                    "structuralSharing", false
                    "networkMode", "always"
                ]
            ]
        ]
    )

let provide (elements: ReactElement list) : ReactElement =
    Interop.createElement (Imported.provider, createObj [ "client", client; "children", Interop.children elements ])

let private read (result: obj) : Query<'t> = {
    Data = result?data
    Failure = Option.ofObj (unbox<exn> result?error)
    ReadAt = Instant(unbox<float> result?dataUpdatedAt)
    Fetching = result?isFetching
    Previous = result?isPlaceholderData
    Refetch = fun () -> result?refetch ()
}

let private useWith (extra: (string * obj) list) (key: string list) (fetch: unit -> JS.Promise<'t>) : Query<'t> =
    [ "queryKey", box (List.toArray key); "queryFn", box (Func<_>(fetch)) ] @ extra
    |> createObj
    |> Imported.useQuery
    |> read

let useQuery key fetch = useWith [] key fetch

/// Fetches only when enabled.
let useQueryWhen (enabled: bool) key fetch =
    useWith [ "enabled", box enabled ] key fetch

/// Keeps the data of the previous key until the data of the new key arrives; fetches only when enabled.
let useQueryKeeping (enabled: bool) key fetch =
    useWith [ "placeholderData", Imported.keepPrevious; "enabled", box enabled ] key fetch

/// Fetches again at intervals while the tab is visible. `pause` returns the interval in milliseconds for the current data; 0
/// stops it.
let useQueryEvery (pause: 't option -> int) key fetch =
    let interval (query: obj) : int =
        let data: obj = query?state?data

        if isNullOrUndefined data then
            pause None
        else
            pause (Some(unbox data))

    useWith
        [
            "refetchInterval", box (Func<obj, int>(interval))
            "placeholderData", Imported.keepPrevious
        ]
        key
        fetch

let tryCached (key: string list) : 't option = client?getQueryData (List.toArray key)

let put (key: string list) (value: 't) : unit =
    client?setQueryData (List.toArray key, value)

/// Changes cached data without fetching. `change` returns None for data that stays the same.
let revise (change: string list -> obj -> obj option) : unit =
    let queries: obj[] = client?getQueryCache()?getAll()

    for query in queries do
        let state: obj = query?state

        if not (isNullOrUndefined state?data) then
            match change (List.ofArray (unbox<string[]> query?queryKey)) state?data with
            | None -> ()
            | Some data ->
                let wasOutOfDate: bool = state?isInvalidated
                client?setQueryData (query?queryKey, data, createObj [ "updatedAt", state?dataUpdatedAt ])

                if wasOutOfDate then
                    client?invalidateQueries (
                        createObj [ "queryKey", query?queryKey; "exact", box true; "refetchType", box "none" ]
                    )

let private among (chosen: string list -> bool) : obj =
    createObj [
        "predicate", box (fun (query: obj) -> chosen (List.ofArray (unbox<string[]> query?queryKey)))
    ]

/// Fetches the active queries again whose keys are chosen; resolves when all answers have arrived.
let refetchWhere (chosen: string list -> bool) : JS.Promise<unit> =
    promise {
        // A first request in flight may be older than the change, and the invalidation does not repeat it.
        let first: string[][] =
            client?getQueryCache()?findAll(among chosen)
            |> Array.filter (fun (query: obj) ->
                isNullOrUndefined query?state?data && query?state?fetchStatus = "fetching")
            |> Array.map (fun query -> query?queryKey)

        do! client?invalidateQueries (among chosen)

        if first.Length > 0 then
            do! client?refetchQueries (among (fun key -> Array.contains (List.toArray key) first))
    }

let forgetWhere (chosen: string list -> bool) : unit = client?removeQueries (among chosen)
