/// Loads older entries of a history.
module GopherFlow.Client.Pages.Workflow.OlderEntries

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api

[<RequireQualifiedAccess>]
type Reading =
    | Idle
    | Underway
    | Failed

/// The text of the button that loads them.
let text (usual: string) (reading: Reading) : string =
    match reading with
    | Reading.Idle -> usual
    | Reading.Underway -> "Reading…"
    | Reading.Failed -> "Could not be read: try again"

/// The state of the loading, and the function that starts it. Only one load runs at a time.
let useOlder (id: Id) (whenFailed: unit -> unit) : Reading * (unit -> unit) =
    let reading, setReading = React.useState Reading.Idle

    let read () =
        if reading <> Reading.Underway then
            promise {
                setReading Reading.Underway

                try
                    do! Queries.readOlder id
                    setReading Reading.Idle
                with _ ->
                    whenFailed ()
                    setReading Reading.Failed
            }
            |> start

    reading, read
