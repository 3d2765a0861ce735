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

        /// Creates a workflow that stays in its first step, and waits until an executor has claimed it.
        let gated server externalId =
            task {
                let! id = Make.workflow server "Gated" externalId

                let isUnclaimed () =
                    task {
                        let! reply = Send.get server $"/api/workflows/{id}"
                        return text reply.Json?status <> "EXECUTING"
                    }

                while! isUnclaimed () do
                    ()

                return id
            }

        testList "Late" [
            testCaseTask "a due workflow that no executor claims is overdue after 30 seconds" (fun () ->
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
                    Expect.isEmpty soon "just due"

                    server.Clock.Advance(TimeSpan.FromSeconds 31.)
                    let! overdue = late server "overdue"
                    Expect.equal (overdue |> List.map (fun row -> row?id.GetInt64())) [ id ] "overdue"
                    Expect.equal (text overdue.Head?deadlineState) "Done" "deadline state"
                })

            testCaseTask "a long run takes more than a minute and twice the usual time" (fun () ->
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

            testCaseTask "a first run is never reported as long" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! _ = gated server "first"
                    server.Clock.Advance(TimeSpan.FromHours 1.)
                    let! long = late server "longRuns"
                    Expect.isEmpty long "long"
                    server.OpenGate()
                })
        ]
