namespace GopherFlow.Server.Tests

open System
open Expecto
open GopherFlow.TestSupport

module LateTests =
    let tests =

        let late server (field: string) =
            task {
                let! reply = Send.get server "/api/late"
                Expect.equal reply.Status 200 "status"
                return items (reply.Json.GetProperty field)
            }

        /// Creates one that stays in its first step, and waits until an executor has it.
        let gated server externalId =
            task {
                let! id = Make.workflow server "Gated" externalId

                let isMissing () =
                    task {
                        let! reply = Send.get server $"/api/workflows/{id}"
                        return text reply.Json?status <> "EXECUTING"
                    }

                while! isMissing () do
                    ()

                return id
            }

        testList "Late" [
            testCaseTask "what is due and not taken is told after half a minute, with its deadline" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! parked = Make.workflowIn server "Unpaid" "Ship" "parked"
                    let id = parked?id.GetInt64()

                    let! placed =
                        Send.json """{"executorGroup":"elsewhere"}"""
                        |> Send.send server Send.asAdmin "PATCH" $"/api/workflows/{id}"

                    Expect.equal placed.Status 200 placed.Text
                    server.Clock.Advance(TimeSpan.FromHours 1.)
                    let! soon = late server "overdue"
                    Expect.isEmpty soon "due just now"

                    server.Clock.Advance(TimeSpan.FromSeconds 31.)
                    let! overdue = late server "overdue"
                    Expect.equal (overdue |> List.map (fun row -> row?id.GetInt64())) [ id ] "overdue"
                    Expect.equal (text overdue.Head?deadlineState) "Done" "deadline"
                })

            testCaseTask "a step is long when it runs for more than a minute and twice as long as usual" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! first = gated server "first"
                    server.Clock.Advance(TimeSpan.FromSeconds 40.)
                    server.OpenGate()
                    let! _ = Make.arrival server first "Done"

                    let! second = gated server "second"
                    server.Clock.Advance(TimeSpan.FromSeconds 75.)
                    let! usual = late server "longRuns"
                    Expect.isEmpty usual "less than twice as long"

                    server.Clock.Advance(TimeSpan.FromSeconds 10.)
                    let! long = late server "longRuns"
                    Expect.equal (long |> List.map (fun run -> run?workflow?id.GetInt64())) [ second ] "long"
                    Expect.floatClose Accuracy.low (long.Head?usualSeconds.GetDouble()) 40. "usual"
                    server.OpenGate()
                    let! _ = Make.arrival server second "Done"
                    let! ended = late server "longRuns"
                    Expect.isEmpty ended "ended"
                })

            testCaseTask "nothing is long that nobody has run before" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! _ = gated server "first"
                    server.Clock.Advance(TimeSpan.FromHours 1.)
                    let! long = late server "longRuns"
                    Expect.isEmpty long "long"
                    server.OpenGate()
                })
        ]
