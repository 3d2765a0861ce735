namespace GopherFlow.Scripts.Tests

open GopherFlow.Authoring
open GopherFlow.FSharp
open Xunit

[<Collection "scripts">]
type PollJobTests(scripts: LoadedScripts) =

    let started (server: WebServer) =
        task {
            let! definition = scripts.Definition "PollJob"
            let! engine = Engine.start [ definition ]
            let! id = Engine.create engine "PollJob" $"""{{"url":"{server.Url}/jobs"}}"""
            return engine, id
        }

    let job = 200, """{"id":"j7"}"""
    let status (name: string) = 200, $"""{{"status":"{name}"}}"""

    [<Fact>]
    member _.``It looks every ten seconds until the job is done``() =
        task {
            use! server =
                WebServer.Start(function
                    | 1 -> job
                    | 2
                    | 3 -> status "running"
                    | _ -> status "done")

            let! engine, id = started server
            use engine = engine

            for _ in 1..3 do
                do! Engine.pass engine id "Poll" (seconds 10)

            let! variables = Engine.ends engine id "Done" WorkflowStatus.Finished
            Assert.Equal("j7", variables["job"])
            Assert.Equal("3", variables["polls"])

            Assert.Equal<string list>("POST /jobs" :: List.replicate 3 "GET /jobs/j7", server.Asked |> List.map _.Call)
        }

    [<Fact>]
    member _.``A start that fails is tried again under the same key``() =
        task {
            use! server =
                WebServer.Start(function
                    | 1 -> 503, ""
                    | 2 -> job
                    | _ -> status "broken")

            let! engine, id = started server
            use engine = engine
            // The first delay of a second, with the jitter of the harness.
            do! Engine.pass engine id "Start" (milliseconds 750)
            do! Engine.pass engine id "Poll" (seconds 10)
            let! _ = Engine.ends engine id "JobFailed" WorkflowStatus.Error
            let! told = Engine.told engine id

            Assert.Equal<string list>([ "LOG JobFailed: The job is broken" ], told)
            Assert.Equal<string list>([ "one:0"; "one:0"; "" ], server.Asked |> List.map _.IdempotencyKey)
        }

    [<Fact>]
    member _.``A job that never ends is given up after thirty looks``() =
        task {
            use! server =
                WebServer.Start(function
                    | 1 -> job
                    | _ -> status "running")

            let! engine, id = started server
            use engine = engine

            for _ in 1..30 do
                do! Engine.pass engine id "Poll" (seconds 10)

            let! _ = Engine.ends engine id "TookTooLong" WorkflowStatus.Error
            Assert.Equal(31, server.Asked.Length)
        }
