module GopherFlow.Server.Tests.SignInThrottleTests

open System
open GopherFlow.Server
open Expecto
open GopherFlow.TestSupport

let private start = DateTimeOffset(2026, 11, 22, 19, 0, 0, TimeSpan.Zero)

let private attemptAt now (_, all) = SignInRule.attempt now "name" all

let private failTimes count all =
    Seq.fold (fun state _ -> attemptAt start state) (Ok(), all) [ 1..count ]

let tests =
    testList "Sign in throttle" [
        testCase "ten attempts are free, the next must wait" (fun () ->
            let verdict, all = failTimes SignInRule.FreeAttempts Map.empty
            Expect.equal verdict (Ok()) "verdict"
            Expect.equal (fst (attemptAt start (verdict, all))) (Error(TimeSpan.FromSeconds 1.)) "all")

        testCase "each further failure doubles the wait, up to five minutes" (fun () ->
            let step (now: DateTimeOffset, all, waits) _ =
                let verdict, all = SignInRule.attempt now "name" all
                Expect.equal verdict (Ok()) "verdict"

                match SignInRule.attempt now "name" all with
                | Error wait, _ -> now + wait, all, wait.TotalSeconds :: waits
                | Ok(), _ -> now, all, waits

            let _, _, waits = Seq.fold step (start, Map.empty, []) [ 1..20 ]
            Expect.equal (List.rev waits) [ 1.; 2.; 4.; 8.; 16.; 32.; 64.; 128.; 256.; 300.; 300. ] "waits")

        testCase "a name without recent failures starts afresh" (fun () ->
            let state = failTimes SignInRule.FreeAttempts Map.empty
            let _, after = attemptAt (start.AddHours 1.) state
            Expect.equal (after["name"].Count) 1 "count")

        testCase "what is remembered is bounded, and the oldest name goes first" (fun () ->
            let add all index =
                SignInRule.attempt (start.AddMilliseconds(float index)) $"name {index}" all
                |> snd

            let all = Seq.fold add Map.empty [ 0 .. SignInRule.MostNames ]
            Expect.equal all.Count SignInRule.MostNames "count"
            Expect.isFalse (all.ContainsKey "name 0") "contains key"
            Expect.isTrue (all.ContainsKey "name 1") "contains key")
    ]
