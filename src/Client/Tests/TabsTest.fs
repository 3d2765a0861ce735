module GopherFlow.Client.Tests.TabsTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Ballot
open GopherFlow.Client.Api.TabStream
open GopherFlow.Client.Api.Types

/// Tabs that hear each other at once, but for those that are cut off.
type private Room(names: (string * float) list) =
    let tabs =
        names
        |> List.map (fun (name, timeout) -> name, ref (Ballot.create name timeout))

    let mutable now = 0.0
    let mutable deaf: string list = []

    let rec settle (name: string) (ballot: Ballot ref) (next: Ballot, words: Word list) =
        ballot.Value <- next

        for word in words do
            for other, heard in tabs do
                if other <> name && not (List.contains other deaf) && not (List.contains name deaf) then
                    settle other heard (Ballot.hear now name word heard.Value)

    let find name =
        tabs |> List.find (fst >> (=) name) |> snd

    member _.Join name =
        settle name (find name) (Ballot.join now (find name).Value)

    member _.Leave name =
        settle name (find name) (Ballot.leave (find name).Value)

    member _.CutOff name = deaf <- name :: deaf
    member _.Connect() = deaf <- []

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

test "of tabs that come at once, the least patient leads" (fun () -> equal [ "b" ] (gathered ()).Leaders)

test "a tab that comes later follows" (fun () ->
    let room = room ()
    room.Join "a"
    room.Pass 1000
    room.Join "b"
    room.Pass 20000
    equal [ "a" ] room.Leaders)

test "when the leader goes, another leads soon" (fun () ->
    let room = gathered ()
    room.Leave "b"
    room.Pass 300
    equal [ "c" ] room.Leaders)

test "a leader that is not heard of any more is followed by another, and of the two one stays" (fun () ->
    let room = gathered ()
    room.CutOff "b"
    room.Pass 6000
    equal [ "b" ] room.Leaders
    room.Pass 3000
    equal [ "b"; "c" ] room.Leaders
    room.Connect()
    room.Pass 2100
    equal [ "b" ] room.Leaders)

test "when all have gone nobody leads" (fun () ->
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

test "a tab that reads once the stream stands has missed nothing" (fun () ->
    let tab, events = after [ Connected(true, Some "p-5") ] opening
    equal [] events

    equal
        {
            Connection = Live
            Trust = Sound
            LastId = Some "p-5"
        }
        tab)

test "one that has read before, or comes back, has a gap" (fun () ->
    equal [ Resync ] (snd (after [ live ] (fst (waited opening))))
    equal [ Resync ] (snd (after [ live ] away)))

test "without a stream a tab that comes back reads again, and one that has read nothing does not read twice" (fun () ->
    equal [ Resync ] (snd (waited away))
    equal [] (snd (waited opening))
    equal [] (snd (waited { opening with Trust = Sound })))

test "a stream that goes on is no gap, one that begins anew is" (fun () ->
    equal [] (snd (after [ live; Broken noon; live ] opening))
    equal [ Resync ] (snd (after [ live; Connected(true, Some "q-1") ] opening)))

test "a connection is lost since it was first lost" (fun () ->
    let later = Instant.add 2000.0 noon
    let tab, _ = after [ live; Broken noon; Broken later ] opening
    equal (Lost noon) tab.Connection
    equal (Some(Broken noon)) (answer tab))

test "a new leader goes on after the last event that was passed on" (fun () ->
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

test "what tabs say is read as it was meant, and what they do not know is not" (fun () ->
    for message in
        [
            Asks
            Connected(true, Some "p-1")
            Broken noon
            Tells([ told "resync"; told "scripts" ], None)
        ] do
        equal (Some message) (TabStream.tryRead (TabStream.write message))

    equal None (TabStream.tryRead (box "hello")))
