module GopherFlow.Server.Tests.SignInThrottleTests

open System
open System.Net
open System.Threading
open System.Threading.Tasks
open GopherFlow.Server
open Expecto
open GopherFlow.TestSupport

let private start = DateTimeOffset(2026, 11, 22, 19, 0, 0, TimeSpan.Zero)

let private attempt now source history =
    SignInRule.attempt now "name" source history

let private failTimes count source history =
    Seq.fold (fun history _ -> attempt start source history |> snd) history [ 1..count ]

/// Fails <c>count</c> times, each time from another source.
let private failFromEverywhere now count history =
    Seq.fold (fun history index -> attempt now $"source {index}" history |> snd) history [ 1..count ]

let private signInFrom source now history =
    match attempt now source history with
    | Ok kind, history -> SignInRule.succeeded now kind "name" source history
    | Error wait, _ -> failtest $"must wait for {wait}"

/// A generated event: a guess for a name from a source, or time passing.
type ThrottleEvent =
    | Guess of name: byte * source: byte
    | Pass of seconds: byte

let tests =
    testList "Sign in throttle" [
        testCase "ten attempts are free, the next one must wait" (fun () ->
            let history = failTimes (SignInRule.FreeOfName - 1) "here" SignInRule.empty
            let last, history = attempt start "here" history
            Expect.equal last (Ok Attempt.Stranger) "the tenth"
            Expect.equal (fst (attempt start "here" history)) (Error(TimeSpan.FromSeconds 1.)) "the eleventh")

        testCase "each further failure doubles the wait, up to five minutes" (fun () ->
            let step (now: DateTimeOffset, history, waits) _ =
                let _, history = attempt now "here" history

                match attempt now "here" history with
                | Error wait, _ -> now + wait, history, wait.TotalSeconds :: waits
                | Ok _, _ -> now, history, waits

            let _, _, waits = Seq.fold step (start, SignInRule.empty, []) [ 1..20 ]
            Expect.equal (List.rev waits) [ 1.; 2.; 4.; 8.; 16.; 32.; 64.; 128.; 256.; 300.; 300. ] "waits")

        testCase "a source that guesses for many names must wait" (fun () ->
            let guess history index =
                SignInRule.attempt start $"name {index}" "here" history |> snd

            let history = Seq.fold guess SignInRule.empty [ 1 .. SignInRule.FreeOfSource ]

            let here, _ = SignInRule.attempt start "another" "here" history
            let elsewhere, _ = SignInRule.attempt start "another" "there" history
            Expect.equal here (Error(TimeSpan.FromSeconds 1.)) "from the source"
            Expect.equal elsewhere (Ok Attempt.Stranger) "from another source")

        testCase "failures of a name are forgotten after an hour" (fun () ->
            let history = failTimes SignInRule.FreeOfName "here" SignInRule.empty
            let later = start.AddHours 1.
            let _, history = attempt later "here" history
            Expect.equal (fst (attempt later "here" history)) (Ok Attempt.Stranger) "an hour later")

        testCase "a success is not a failure and does not reset the failures of strangers" (fun () ->
            let history = failTimes (SignInRule.FreeOfName - 1) "there" SignInRule.empty
            let history = signInFrom "here" start history
            Expect.equal (fst (attempt start "there" history)) (Ok Attempt.Stranger) "the tenth failure"
            let history = failTimes 1 "there" history
            Expect.equal (fst (attempt start "there" history)) (Error(TimeSpan.FromSeconds 1.)) "the eleventh")

        testCase "a known source has its own failure count, which a success resets" (fun () ->
            let history = signInFrom "here" start SignInRule.empty
            let failed = failTimes SignInRule.FreeOfName "here" history
            Expect.equal (fst (attempt start "here" failed)) (Error(TimeSpan.FromSeconds 1.)) "after ten"
            let later = start.AddSeconds 1.
            let history = signInFrom "here" later failed
            Expect.equal (fst (attempt later "here" history)) (Ok Attempt.Known) "after a success")

        testProperty "a known source never waits because of the guesses of others" (fun (events: ThrottleEvent list) ->
            let known = signInFrom "rightful" start SignInRule.empty

            let step (now: DateTimeOffset, history) event =
                match event with
                | Pass seconds -> now.AddSeconds(float seconds), history
                | Guess(name, source) ->
                    let name = if name < 128uy then "name" else $"name {name}"
                    now, SignInRule.attempt now name $"source {source}" history |> snd

            let now, history = Seq.fold step (start, known) events
            fst (attempt now "rightful" history) = Ok Attempt.Known)

        testCase "guesses from more sources than are remembered do not affect a known source" (fun () ->
            let history = signInFrom "rightful" start SignInRule.empty

            let guess history index =
                SignInRule.attempt start $"name {index}" $"source {index}" history |> snd

            let history =
                Seq.fold guess (failFromEverywhere start 1000 history) [ 1 .. SignInRule.Most + 100 ]

            Expect.equal (fst (attempt start "rightful" history)) (Ok Attempt.Known) "the known source"
            Expect.equal (Remembered.count history.Names) SignInRule.Most "names"
            Expect.equal (Remembered.count history.Sources) SignInRule.Most "sources")

        testCase "a source is known for thirty days" (fun () ->
            let history = signInFrom "here" start SignInRule.empty
            Expect.equal (fst (attempt (start.AddDays 30.) "here" history)) (Ok Attempt.Known) "after 30 days"

            Expect.equal (fst (attempt (start.AddDays 30.1) "here" history)) (Ok Attempt.Stranger) "after 30.1 days")

        testCase "the least recently put entry is evicted first" (fun () ->
            let put remembered index =
                Remembered.put 3 (start.AddSeconds(float index)) $"{index}" index remembered

            let remembered = Seq.fold put Remembered.empty [ 1..3 ]
            let remembered = Remembered.put 3 (start.AddSeconds 9.) "1" 9 remembered
            let remembered = put remembered 4
            let found key = Remembered.tryFind key remembered

            Expect.equal [ found "1"; found "2"; found "3"; found "4" ] [ Some 9; None; Some 3; Some 4 ] "remaining")

        testCase "addresses of one IPv6 /64 network are one source" (fun () ->
            let source (text: string) =
                Address.source (Some(IPAddress.Parse text))

            Expect.equal (source "2001:db8:1:2:3::4") (source "2001:db8:1:2:ffff::1") "one network"
            Expect.notEqual (source "2001:db8:1:2::1") (source "2001:db8:1:3::1") "two networks"
            Expect.notEqual (source "192.0.2.1") (source "192.0.2.2") "IPv4")

        testCaseTask "bounded work limits concurrency and queue length and rejects further work" (fun () ->
            task {
                use work = new BoundedWork(1, 1)
                use begun = new SemaphoreSlim 0
                use go = new ManualResetEventSlim()

                let first =
                    Task.Run<int option>(fun () ->
                        work.Run(
                            (fun () ->
                                begun.Release() |> ignore
                                go.Wait()
                                1),
                            CancellationToken.None
                        ))

                do! begun.WaitAsync()
                let second = work.Run((fun () -> 2), CancellationToken.None)
                let! third = work.Run((fun () -> 3), CancellationToken.None)
                Expect.isNone third "the third"
                Expect.isFalse second.IsCompleted "the second waits"
                go.Set()
                let! first = first
                let! second = second
                Expect.equal (first, second) (Some 1, Some 2) "both"
                let! again = work.Run((fun () -> 4), CancellationToken.None)
                Expect.equal again (Some 4) "after a slot is free"
            })
    ]
