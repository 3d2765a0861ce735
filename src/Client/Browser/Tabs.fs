/// What the tabs of one browser share: a lock that one of them holds, and a broadcast channel.
module GopherFlow.Client.Tabs

open System
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Browser
open GopherFlow.Client.Promise

/// Web Locks. Browsers have them on secure origins only (https, or http on localhost).
module Lock =
    [<Emit("new AbortController()")>]
    let private newAbort () : obj = jsNative

    [<Emit("navigator.locks.request($0, $1, $2)")>]
    let private request (_name: string) (_options: obj) (_granted: unit -> JS.Promise<unit>) : JS.Promise<unit> =
        jsNative

    let isThere () : bool =
        not (isNullOrUndefined window?navigator?locks)

    /// Waits for the lock, then holds it until disposed. The browser releases it when the tab closes. If the browser refuses
    /// locks to this page, this tab acts as if it had the lock.
    let hold (name: string) (granted: unit -> unit) : IDisposable =
        let abort = newAbort ()
        let wanted = ref true
        let release = ref ignore

        let keep () =
            if wanted.Value then
                granted ()
                create (fun resolve -> release.Value <- resolve)
            else
                resolved ()

        request name (createObj [ "signal", abort?signal ]) keep
        |> catch (fun _ ->
            if wanted.Value then
                granted ()

            resolved ())
        |> start

        {
            new IDisposable with
                member _.Dispose() =
                    wanted.Value <- false
                    abort?abort ()
                    release.Value()
        }

type Channel = {
    Say: obj -> unit
    Close: unit -> unit
}

module Channel =
    [<Emit("new BroadcastChannel($0)")>]
    let private openNamed (_name: string) : obj = jsNative

    let isThere () : bool =
        not (isNullOrUndefined window?BroadcastChannel)

    /// Receives the messages of other tabs, not of this one. Without BroadcastChannel no message arrives.
    let join (name: string) (receive: obj -> unit) : Channel =
        if isThere () then
            let channel = openNamed name
            channel?onmessage <- fun (event: obj) -> receive event?data

            {
                Say = fun message -> channel?postMessage message
                Close = fun () -> channel?close ()
            }
        else
            { Say = ignore; Close = ignore }
