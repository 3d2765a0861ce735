module GopherFlow.Server.Tests.SignInThrottleTests

open System
open GopherFlow.Server
open Xunit

let private start = DateTimeOffset(2026, 11, 22, 19, 0, 0, TimeSpan.Zero)

let private attemptAt now (_, all) = SignInRule.attempt now "name" all

let private failTimes count all =
    Seq.fold (fun state _ -> attemptAt start state) (Ok(), all) [ 1..count ]

[<Fact>]
let ``ten attempts are free, the next must wait`` () =
    let verdict, all = failTimes SignInRule.FreeAttempts Map.empty
    Assert.Equal(Ok(), verdict)
    Assert.Equal(Error(TimeSpan.FromSeconds 1.), fst (attemptAt start (verdict, all)))

[<Fact>]
let ``each further failure doubles the wait, up to five minutes`` () =
    let step (now: DateTimeOffset, all, waits) _ =
        let verdict, all = SignInRule.attempt now "name" all
        Assert.Equal(Ok(), verdict)

        match SignInRule.attempt now "name" all with
        | Error wait, _ -> now + wait, all, wait.TotalSeconds :: waits
        | Ok(), _ -> now, all, waits

    let _, _, waits = Seq.fold step (start, Map.empty, []) [ 1..20 ]
    Assert.Equal<float list>([ 1.; 2.; 4.; 8.; 16.; 32.; 64.; 128.; 256.; 300.; 300. ], List.rev waits)

[<Fact>]
let ``a name that was left alone starts anew`` () =
    let state = failTimes SignInRule.FreeAttempts Map.empty
    let _, after = attemptAt (start.AddHours 1.) state
    Assert.Equal(1, after["name"].Count)

[<Fact>]
let ``what is remembered is bounded, and the oldest name goes first`` () =
    let add all index =
        SignInRule.attempt (start.AddMilliseconds(float index)) $"name {index}" all
        |> snd

    let all = Seq.fold add Map.empty [ 0 .. SignInRule.MostNames ]
    Assert.Equal(SignInRule.MostNames, all.Count)
    Assert.False(all.ContainsKey "name 0")
    Assert.True(all.ContainsKey "name 1")
