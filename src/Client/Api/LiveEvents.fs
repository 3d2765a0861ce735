/// The server's events for this tab: one stream for all tabs of the browser, and none for hidden tabs.
module GopherFlow.Client.Api.LiveEvents

open System
open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.TabStream

/// The milliseconds that the first requests of a page wait for the stream.
let private streamTimeout = 1000

/// A tab that is hidden for longer than this, in milliseconds, leaves the stream to others.
let private hiddenFor = 5000

/// Requests wait for it until the stream is open, so that no change is missed in between and nothing is fetched twice.
type private Gate() =
    let mutable enter = ignore
    let mutable opened = resolved ()

    member _.Close() =
        enter ()
        opened <- create (fun resolve -> enter <- resolve)

    member _.Open() = enter ()
    member _.Opened = opened

let private gate = Gate()
gate.Close()

/// Resolves when pages may send their requests.
let ready () : JS.Promise<unit> = gate.Opened

/// This tab as one of the tabs that share the stream.
type private Listener(told: Connection -> unit, receive: LiveEvent list -> unit) as this =
    let mutable tab = opening
    let mutable stream: IDisposable option = None
    let mutable place: IDisposable option = None
    let mutable limit = 0

    let channel =
        Tabs.Channel.join $"{Leadership.name}-told" (tryRead >> Option.iter (fun message -> this.Hear message))

    let stop (running: IDisposable option) = running |> Option.iter _.Dispose()

    let become (next: TabStream, events: LiveEvent list) =
        let before = tab
        tab <- next

        if next.Connection <> before.Connection then
            told next.Connection

        if next.Trust <> Unread then
            gate.Open()

        if not events.IsEmpty then
            receive events

    let take (message: Message) = become (hear message tab)

    let say (message: Message) = channel.Say(write message)

    let lead () =
        stop stream

        stream <-
            Some(
                EventStream.follow tab.LastId (fun message ->
                    take message
                    say message)
            )

    let resign () =
        stop stream
        stream <- None

    member _.Hear(message: Message) : unit =
        match message with
        | Asks when stream.IsSome -> answer tab |> Option.iter say
        | _ when place.IsSome && stream.IsNone -> take message
        | _ -> ()

    member _.Join() : unit =
        if place.IsNone then
            limit <- JS.setTimeout (fun () -> become (waited tab)) streamTimeout
            place <- Some(Leadership.seek lead resign)
            say Asks

    member _.Leave() : unit =
        JS.clearTimeout limit
        stop place
        resign ()
        place <- None
        become (away, [])

    member this.Close() : unit =
        this.Leave()
        channel.Close()

/// Receives events until disposed, while the tab is visible. `told` is called when the connection changes. A tab that becomes
/// visible again receives a Resync, because it may have missed changes.
let listen (told: Connection -> unit) (receive: LiveEvent list -> unit) : IDisposable =
    let listener = Listener(told, receive)
    let leaving = ref 0

    let look () =
        JS.clearTimeout leaving.Value

        if Browser.isHidden () then
            leaving.Value <- JS.setTimeout listener.Leave hiddenFor
        else
            listener.Join()

    listener.Join()
    look ()

    let watched = [
        Browser.listen Browser.document "visibilitychange" (fun _ -> look ())
        Browser.listen Browser.window "pageshow" (fun _ -> look ())
        Browser.listen Browser.window "pagehide" (fun _ -> listener.Leave())
    ]

    {
        new IDisposable with
            member _.Dispose() =
                watched |> List.iter _.Dispose()
                JS.clearTimeout leaving.Value
                listener.Close()
                gate.Close()
    }
