module GopherFlow.Client.Tests.TabsTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Ballot
open GopherFlow.Client.Api.TabStream
open GopherFlow.Client.Api.Types

/// Tabs that receive each other's messages at once, except tabs that are cut off.
type private Room(names: (string * float) list) =
    let tabs =
        names
        |> List.map (fun (name, timeout) -> name, ref (Ballot.create name timeout))

    let mutable now = 0.0
    let mutable cutOff: string list = []

    let rec settle (name: string) (ballot: Ballot ref) (next: Ballot, words: Word list) =
        ballot.Value <- next

        for word in words do
            for other, receiver in tabs do
                if
                    other <> name
                    && not (List.contains other cutOff)
                    && not (List.contains name cutOff)
                then
                    settle other receiver (Ballot.hear now name word receiver.Value)

    let find name =
        tabs |> List.find (fst >> (=) name) |> snd

    member _.Join name =
        settle name (find name) (Ballot.join now (find name).Value)

    member _.Leave name =
        settle name (find name) (Ballot.leave (find name).Value)

    member _.CutOff name = cutOff <- name :: cutOff
    member _.Connect() = cutOff <- []

    member _.Pass(milliseconds: int) =
        for _ in 1 .. milliseconds / 100 do
            now <- now + 100.0

            for name, ballot in tabs do
                settle name ballot (Ballot.pass now ballot.Value)

    member _.Leaders =
        tabs |> List.filter (fun (_, ballot) -> isLeader ballot.Value) |> List.map fst

let private room () =
    Room [ "a", 300.0; "b", 100.0; "c", 200.0 ]

let private gathered () =
    let room = room ()
    List.iter room.Join [ "a"; "b"; "c" ]
    room.Pass 1000
    room

test "of tabs that open at the same time, the one with the shortest timeout leads" (fun () ->
    equal [ "b" ] (gathered ()).Leaders)

test "a tab that opens later follows" (fun () ->
    let room = room ()
    room.Join "a"
    room.Pass 1000
    room.Join "b"
    room.Pass 20000
    equal [ "a" ] room.Leaders)

test "when the leader closes, another tab leads soon" (fun () ->
    let room = gathered ()
    room.Leave "b"
    room.Pass 300
    equal [ "c" ] room.Leaders)

test "a silent leader is replaced, and after it returns one of the two leads" (fun () ->
    let room = gathered ()
    room.CutOff "b"
    room.Pass 6000
    equal [ "b" ] room.Leaders
    room.Pass 3000
    equal [ "b"; "c" ] room.Leaders
    room.Connect()
    room.Pass 2100
    equal [ "b" ] room.Leaders)

test "when all tabs are closed, none leads" (fun () ->
    let room = gathered ()
    List.iter room.Leave [ "b"; "a"; "c" ]
    room.Pass 20000
    equal [] room.Leaders)

let private after messages tab =
    messages
    |> List.fold
        (fun (tab, events) message ->
            let next, event = TabStream.hear message tab
            next, events @ event)
        (tab, [])

let private told (name: string) : Told = { Name = name; Data = "{}" }

let private live = Connected(false, Some "p-5")

test "a tab that reads after the stream is connected has missed nothing" (fun () ->
    let tab, events = after [ Connected(true, Some "p-5") ] opening
    equal [] events

    equal
        {
            Connection = Live
            Trust = Sound
            LastId = Some "p-5"
        }
        tab)

test "a tab that has read before, or returns, has a gap" (fun () ->
    equal [ Resync ] (snd (after [ live ] (fst (waited opening))))
    equal [ Resync ] (snd (after [ live ] away)))

test "without a stream a returning tab reads again, and a tab that has read nothing does not read twice" (fun () ->
    equal [ Resync ] (snd (waited away))
    equal [] (snd (waited opening))
    equal [] (snd (waited { opening with Trust = Sound })))

test "a stream that resumes has no gap, a new one has" (fun () ->
    equal [] (snd (after [ live; Broken noon; live ] opening))
    equal [ Resync ] (snd (after [ live; Connected(true, Some "q-1") ] opening)))

test "a lost connection has the time at which it was first lost" (fun () ->
    let later = Instant.add 2000.0 noon
    let tab, _ = after [ live; Broken noon; Broken later ] opening
    equal (Lost noon) tab.Connection
    equal (Some(Broken noon)) (answer tab))

test "a new leader continues after the last forwarded event" (fun () ->
    let tab, events =
        after
            [
                live
                Tells([ told "resync" ], Some "p-6")
                Tells([ told "scripts"; told "weather" ], None)
            ]
            opening

    equal (Some "p-6") tab.LastId
    equal [ Resync; ScriptsChanged ] events)

test "messages between tabs are read back unchanged, and unknown ones are ignored" (fun () ->
    for message in
        [
            Asks
            Connected(true, Some "p-1")
            Broken noon
            Tells([ told "resync"; told "scripts" ], None)
        ] do
        equal (Some message) (TabStream.tryRead (TabStream.write message))

    equal None (TabStream.tryRead (box "hello")))
