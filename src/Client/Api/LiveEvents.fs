/// The server's stream of events: one connection for the whole console, opened again for as long as it is wanted.
module GopherFlow.Client.Api.LiveEvents

open System
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Api.Types

[<Emit("new EventSource($0)")>]
let private openSource (_url: string) : obj = jsNative

let private closed = 2

/// What an event of the stream means; None for what this console does not know or cannot read.
let read (kind: string) (data: string) : LiveEvent option =
    let decoded decoder meaning =
        match Json.decodeText kind decoder data with
        | Ok value -> Some(meaning value)
        | Result.Error _ -> None

    match kind with
    | "hello" -> Some Hello
    | "resync" -> Some Resync
    | "scripts" -> Some ScriptsChanged
    | "workflow" -> decoded Decoders.workflowChange WorkflowChanged
    | "definition" -> decoded Decoders.definitionName DefinitionChanged
    | _ -> None

/// Listens until disposed; `connected` is told whenever the connection comes or goes.
let listen (connected: bool -> unit) (receive: LiveEvent -> unit) : IDisposable =
    // The browser reopens a broken stream by itself, but not one that was answered with an error.
    let current: obj option ref = ref None
    let waiting = ref 0

    let rec connect () =
        let source = openSource "/api/events"
        current.Value <- Some source
        source?onopen <- fun (_: obj) -> connected true

        source?onerror <-
            fun (_: obj) ->
                connected false

                if source?readyState = closed then
                    waiting.Value <- JS.setTimeout connect 2000

        for kind in [ "hello"; "workflow"; "definition"; "scripts"; "resync" ] do
            source?addEventListener (kind, (fun (event: obj) -> read kind event?data |> Option.iter receive))

    connect ()

    {
        new IDisposable with
            member _.Dispose() =
                JS.clearTimeout waiting.Value
                current.Value |> Option.iter (fun source -> source?close ())
    }
