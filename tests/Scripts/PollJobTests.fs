namespace GopherFlow.Scripts.Tests

open GopherFlow.Authoring
open GopherFlow.FSharp
open Expecto
open GopherFlow.TestSupport

module PollJobTests =
    let tests (scripts: LoadedScripts) =

        let started (server: WebServer) =
            task {
                let! definition = scripts.Definition "PollJob"
                let! engine = Engine.start [ definition ]
                let! id = Engine.create engine "PollJob" $"""{{"url":"{server.Url}/jobs"}}"""
                return engine, id
            }

        let job = 200, """{"id":"j7"}"""
        let status (name: string) = 200, $"""{{"status":"{name}"}}"""

        testList "Poll job" [
            testCaseTask "The job is polled every ten seconds until it is done" (fun () ->
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
                    Expect.equal variables["job"] "j7" "variables"
                    Expect.equal variables["polls"] "3" "variables"

                    Expect.equal
                        (server.Requests |> List.map _.Call)
                        ("POST /jobs" :: List.replicate 3 "GET /jobs/j7")
                        "call"
                })

            testCaseTask "A failed start is retried with the same idempotency key" (fun () ->
                task {
                    use! server =
                        WebServer.Start(function
                            | 1 -> 503, ""
                            | 2 -> job
                            | _ -> status "broken")

                    let! engine, id = started server
                    use engine = engine
                    // The first retry delay of one second, with the jitter of the harness.
                    do! Engine.pass engine id "Start" (milliseconds 750)
                    do! Engine.pass engine id "Poll" (seconds 10)
                    let! _ = Engine.ends engine id "JobFailed" WorkflowStatus.Error
                    let! logs = Engine.logs engine id

                    Expect.equal logs [ "LOG JobFailed: The job is broken" ] "logs"
                    Expect.equal (server.Requests |> List.map _.IdempotencyKey) [ "one:0"; "one:0"; "" ] "keys"
                })

            testCaseTask "Polling stops after thirty attempts" (fun () ->
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
                    Expect.equal server.Requests.Length 31 "length"
                })
        ]
