/// Which tab of this browser holds the stream for all of them.
module GopherFlow.Client.Api.Leadership

open System
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Tabs
open GopherFlow.Client.Time

/// Tabs with an older console say things in another way, and keep to themselves.
let name = "gopherflow-events-2"

let private wordsByName = [ "asks", Ballot.Asks; "leads", Ballot.Leads; "leaves", Ballot.Leaves ]

let private written (self: string) (word: Ballot.Word) : obj =
    let text = wordsByName |> List.find (snd >> (=) word) |> fst
    createObj [ "from", box self; "word", box text ]

let private read: Json.Decoder<string * Ballot.Word> =
    Json.fields (fun get -> get.Get("from", Json.string), get.Get("word", Json.oneOf wordsByName))

/// Where there are no locks: an election over a channel, see Ballot.
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

/// A tab that can say nothing to the others has a stream of its own, for as long as it is seen.
let private alone (won: unit -> unit) : IDisposable =
    won ()

    {
        new IDisposable with
            member _.Dispose() = ()
    }

/// Wants to lead until disposed. `won` is called when it does, `lost` when another has taken over.
let seek (won: unit -> unit) (lost: unit -> unit) : IDisposable =
    if not (Channel.isThere ()) then alone won
    elif Lock.isThere () then Lock.hold name won
    else byBallot won lost
