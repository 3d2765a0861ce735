/// Decides which tab of the browser holds the event stream for all of them.
module GopherFlow.Client.Api.Leadership

open System
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Tabs
open GopherFlow.Client.Time

/// Changes with the message format, so that tabs with different versions of the console do not mix.
let name = "gopherflow-events-2"

let private wordsByName = [ "asks", Ballot.Asks; "leads", Ballot.Leads; "leaves", Ballot.Leaves ]

let private written (self: string) (word: Ballot.Word) : obj =
    let text = wordsByName |> List.find (snd >> (=) word) |> fst
    createObj [ "from", box self; "word", box text ]

let private read: Json.Decoder<string * Ballot.Word> =
    Json.fields (fun get -> get.Get("from", Json.string), get.Get("word", Json.oneOf wordsByName))

/// Elects the leader over a channel, for browsers without locks (see Ballot).
let private byBallot (won: unit -> unit) (lost: unit -> unit) : IDisposable =
    let self = Browser.randomHex 8
    let ballot = ref (Ballot.create self (60.0 + 240.0 * JS.Math.random ()))
    let now () = Instant.milliseconds (Instant.now ())
    let say: (obj -> unit) ref = ref ignore

    let take (next: Ballot.Ballot, words: Ballot.Word list) =
        let led = Ballot.isLeader ballot.Value
        ballot.Value <- next
        words |> List.iter (written self >> say.Value)

        match led, Ballot.isLeader next with
        | false, true -> won ()
        | true, false -> lost ()
        | _ -> ()

    let hear (message: obj) =
        match Json.decode "word" read message with
        | Ok(from, word) -> take (Ballot.hear (now ()) from word ballot.Value)
        | Error _ -> ()

    let channel = Channel.join $"{name}-election" hear
    say.Value <- channel.Say
    take (Ballot.join (now ()) ballot.Value)
    let clock = Browser.every 100 (fun () -> take (Ballot.pass (now ()) ballot.Value))

    {
        new IDisposable with
            member _.Dispose() =
                clock.Dispose()
                take (Ballot.leave ballot.Value)
                channel.Close()
    }

/// A tab that cannot send messages to others has a stream of its own.
let private alone (won: unit -> unit) : IDisposable =
    won ()

    {
        new IDisposable with
            member _.Dispose() = ()
    }

/// Tries to become the leader until disposed. `won` is called when it succeeds, `lost` when another tab takes over.
let seek (won: unit -> unit) (lost: unit -> unit) : IDisposable =
    if not (Channel.isThere ()) then alone won
    elif Lock.isThere () then Lock.hold name won
    else byBallot won lost
