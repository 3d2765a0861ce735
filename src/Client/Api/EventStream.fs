/// A connection to the server's event stream that is opened again until it is disposed.
module GopherFlow.Client.Api.EventStream

open System
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Api.TabStream

[<Emit("new EventSource($0)")>]
let private openSource (_url: string) : obj = jsNative

let private closed = 2
let private retryMilliseconds = 2000

let private idOf (event: obj) : string option =
    Some(unbox<string> event?lastEventId) |> Option.filter ((<>) "")

let private address (lastId: string option) =
    match lastId with
    | Some id -> $"/api/events?lastEventId={JS.encodeURIComponent id}"
    | None -> "/api/events"

/// Passes on events until disposed, starting after the event with the given id if there is one.
let follow (after: string option) (tell: Message -> unit) : IDisposable =
    let lastId = ref after
    let current: obj option ref = ref None
    let waiting = ref 0

    let burst =
        Burst.Burst(Browser.isHidden, (fun told -> tell (Tells(told, lastId.Value))))

    let begun (event: obj) =
        burst.Flush()
        let fresh = lastId.Value.IsNone

        // A stream that resumes sends the missed events after this one, and their ids are lower.
        if fresh then
            lastId.Value <- idOf event

        tell (Connected(fresh, lastId.Value))

    let pass (name: string) (event: obj) =
        lastId.Value <- idOf event |> Option.orElse lastId.Value
        burst.Add { Name = name; Data = event?data }

    let rec connect () =
        let source = openSource (address lastId.Value)
        current.Value <- Some source

        // The browser reconnects a broken stream, but not one that was answered with an error.
        source?onerror <-
            fun (_: obj) ->
                burst.Flush()
                tell (Broken(Instant.now ()))

                if source?readyState = closed then
                    waiting.Value <- JS.setTimeout connect retryMilliseconds

        source?addEventListener ("hello", begun)

        for name in [ "workflow"; "definition"; "scripts"; "resync" ] do
            source?addEventListener (name, pass name)

    connect ()

    {
        new IDisposable with
            member _.Dispose() =
                burst.Flush()
                JS.clearTimeout waiting.Value
                current.Value |> Option.iter (fun source -> source?close ())
    }
