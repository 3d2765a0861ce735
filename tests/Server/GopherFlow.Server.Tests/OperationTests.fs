namespace GopherFlow.Server.Tests

open System
open System.Text.Json
open System.Threading.Tasks
open GopherFlow.Testing
open Expecto
open GopherFlow.TestSupport

/// Operations on one workflow, over HTTP.
module OperationTests =
    let tests (server: TestServer) =

        let operate method path body =
            Send.send server Send.asAdmin method path (Send.json body)

        let post (id: int64) operation body =
            operate "POST" $"/api/workflows/{id}/{operation}" body

        let read (id: int64) =
            task {
                let! reply = Send.get server $"/api/workflows/{id}"
                Expect.equal reply.Status 200 "status"
                return reply.Json
            }

        let orderInReview () =
            task {
                let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
                return order?id.GetInt64()
            }

        let finishedOrder () =
            task {
                let! id = orderInReview ()

                let! reply =
                    post
                        id
                        "stateAndWait"
                        """{"updateWorkflowStateRequest":{"state":"Ship"},"waitForStates":["Done"],"waitSeconds":60}"""

                Expect.equal reply.Status 200 "status"
                return id
            }

        let statusAndState (reply: Reply) =
            Expect.equal reply.Status 200 "status"
            text reply.Json?status, text reply.Json?state

        let isConflict (reply: Reply) =
            Expect.equal reply.Status 409 "status"
            Expect.equal (text reply.Json?``type``) "urn:gopherflow:problem:conflict" "type"
            text reply.Json?detail

        testList "Operation" [
            testCaseTask "cancel ends a workflow, and a second cancel is a conflict" (fun () ->
                task {
                    let! id = orderInReview ()
                    let! cancelled = post id "cancel" """{"children":true}"""
                    Expect.equal (statusAndState cancelled) ("CANCELLED", "Review") "after cancel"
                    Expect.equal (cancelled.Json?descendants.GetInt32()) 0 "descendants"
                    let! again = post id "cancel" ""
                    Expect.stringContains (isConflict again) "a workflow that has not ended" "expected"
                    Expect.equal (text again.Json?currentStatus) "CANCELLED" "current status"
                })

            testCaseTask "pause and resume" (fun () ->
                task {
                    let! id = orderInReview ()
                    let! paused = post id "pause" "{}"
                    Expect.equal (statusAndState paused) ("PAUSED", "Review") "paused"
                    let! workflow = read id
                    Expect.equal (text workflow?waitsFor) "resume" "waits for"
                    let! resumed = post id "resume" ""
                    Expect.equal (statusAndState resumed) ("WAITING", "Review") "resumed"
                    let! again = post id "resume" "{}"
                    Expect.stringContains (isConflict again) "a workflow that is paused" "expected"
                })

            testCaseTask "retry and run again" (fun () ->
                task {
                    let! id = finishedOrder ()
                    let! refused = post id "retry" "{}"
                    Expect.stringContains (isConflict refused) "waits for its next attempt" "expected"

                    let! again =
                        post id "runAgain" """{"state":"Init","set":{"round":2},"remove":["note"]}"""

                    Expect.equal again.Status 200 "status"
                    let! workflow = read id
                    Expect.equal (workflow?stateVars?round.GetInt32()) 2 "round"
                    let! faulty = post id "runAgain" """{"state":"Nowhere"}"""
                    Expect.equal faulty.Status 400 "status"
                    Expect.equal (Send.invalidFields faulty) [ "state" ] "invalid fields"
                })

            testCaseTask "priority and group can be changed, and an empty change is rejected" (fun () ->
                task {
                    let! id = orderInReview ()

                    let! placed =
                        operate "PATCH" $"/api/workflows/{id}" """{"priority":1,"executorGroup":"night"}"""

                    Expect.equal placed.Status 200 "status"
                    let! workflow = read id
                    Expect.equal (workflow?priority.GetInt32(), text workflow?executorGroup) (1, "night") "placed"
                    let! empty = operate "PATCH" $"/api/workflows/{id}" "{}"
                    Expect.equal (Send.invalidFields empty) [ "priority" ] "invalid fields"
                })

            testCaseTask "only a workflow that has ended can be deleted" (fun () ->
                task {
                    let! unfinished = orderInReview ()

                    let! refused =
                        Send.send server Send.asAdmin "DELETE" $"/api/workflows/{unfinished}" null

                    Expect.stringContains (isConflict refused) "a workflow that has ended" "expected"
                    let! id = finishedOrder ()
                    let! deleted = Send.send server Send.asAdmin "DELETE" $"/api/workflows/{id}" null
                    Expect.equal (deleted.Status, deleted.Text) (204, "") "deleted"
                    let! gone = Send.get server $"/api/workflows/{id}"
                    Expect.equal gone.Status 404 "status"
                })

            testCaseTask "a move from a state the workflow is not in is a conflict" (fun () ->
                task {
                    let! id = orderInReview ()
                    let! late = post id "state" """{"state":"Ship","fromStates":["Init"]}"""
                    Expect.equal (late.Status, Send.invalidFields late) (409, [ "fromStates" ]) "late"
                    let! moved = post id "state" """{"state":"Ship","fromStates":["Review"]}"""
                    Expect.equal moved.Status 200 "status"
                })

            testCaseTask "variables are set and removed together if they match the expected values" (fun () ->
                task {
                    let! id = orderInReview ()

                    let patch body =
                        operate "PATCH" $"/api/workflows/{id}/variables" body

                    let! set = patch """{"set":{"a":1,"b":[2]},"expected":{"a":null}}"""
                    Expect.equal set.Status 200 "status"
                    let! late = patch """{"set":{"a":3},"remove":["b"],"expected":{"a":2}}"""
                    Expect.stringContains (isConflict late) "variables that are as expected" "expected"
                    let! removed = patch """{"set":{"a":3},"remove":["b"],"expected":{"a":1}}"""
                    Expect.equal removed.Status 200 "status"
                    let! workflow = read id
                    Expect.equal (workflow?stateVars?a.GetInt32()) 3 "a"
                    Expect.isFalse (fst (workflow?stateVars.TryGetProperty "b")) "b"
                    let! faulty = patch """{"set":{"a":1},"remove":["a"],"expected":{"c":1}}"""
                    Expect.equal (Send.invalidFields faulty) [ "remove"; "expected.c" ] "invalid fields"
                })

            testCaseTask "variable names that are too long are reported by position, at most twenty" (fun () ->
                task {
                    let! id = orderInReview ()
                    let long = String('x', 501)
                    let names = List.replicate 2000 $"\"{long}\"" |> String.concat ","

                    let! removed =
                        operate "PATCH" $"/api/workflows/{id}/variables" $"""{{"remove":[{names}]}}"""

                    Expect.equal removed.Status 400 "status"
                    Expect.equal (Send.invalidFields removed) (List.init 20 (fun index -> $"remove[{index}]")) "fields"

                    for verb, operation in [ "PATCH", "variables"; "POST", "runAgain" ] do
                        let! set =
                            operate verb $"/api/workflows/{id}/{operation}" $"""{{"set":{{"{long}":1," ":2}}}}"""

                        Expect.equal set.Status 400 "status"
                        let shortened = String('x', 80)

                        Expect.equal
                            (Send.invalidFields set)
                            [ "set. "; $"set.{shortened}... (501 characters)" ]
                            "fields"

                    let! moved =
                        post
                            id
                            "stateAndWait"
                            $"""{{"updateWorkflowStateRequest":{{"state":"Ship"}},"updateStateVarRequest":{{"key":"{long}","value":1}}}}"""

                    Expect.equal moved.Status 400 "status"
                    Expect.equal (Send.invalidFields moved) [ "updateStateVarRequest.key" ] "fields"
                })

            testCaseTask "variables that become too large are reported as the field set" (fun () ->
                task {
                    let! id = orderInReview ()
                    let start, finish = "{\"set\":{\"a\":\"", "\"}}"
                    let value = String('x', 1024 * 1024 - start.Length - finish.Length)
                    let largestBody = $"{start}{value}{finish}"

                    for verb, operation in [ "PATCH", "variables"; "POST", "runAgain" ] do
                        let! reply = operate verb $"/api/workflows/{id}/{operation}" largestBody
                        Expect.equal (reply.Status, Send.invalidFields reply) (400, [ "set" ]) "rejected"
                })

            testCaseTask "a signal is kept once per key and listed" (fun () ->
                task {
                    let! id = orderInReview ()
                    let! sent = post id "signals" """{"name":"news","key":"k1","payload":{"n":1}}"""
                    Expect.equal (items sent.Json?workflowIds |> List.map _.GetInt64()) [ id ] "receiver"
                    let! again = post id "signals" """{"name":"news","key":"k1"}"""
                    Expect.equal again.Status 200 "status"
                    let! kept = Send.get server $"/api/workflows/{id}/signals"

                    match items kept.Json?signals with
                    | [ signal ] ->
                        Expect.equal (text signal?name, text signal?key) ("news", "k1") "signal"
                        Expect.equal (signal?payload?n.GetInt32()) 1 "payload"
                    | several -> failtest $"{several.Length} signals"

                    let! workflow = read id
                    Expect.equal (items workflow?keptSignals |> List.map text) [ "news" ] "kept"
                })

            testCaseTask "kept signals are paged, without large payloads" (fun () ->
                task {
                    let! id = orderInReview ()
                    let large = String('x', 20_000)
                    let! _ = post id "signals" $$"""{"name":"news","payload":"{{large}}"}"""
                    let! _ = post id "signals" """{"name":"news","payload":2}"""
                    let! first = Send.get server $"/api/workflows/{id}/signals?limit=1"

                    match items first.Json?signals with
                    | [ signal ] ->
                        Expect.isTrue (signal?payloadOmitted.GetBoolean()) "omitted"
                        Expect.equal signal?payload.ValueKind JsonValueKind.Null "payload"
                        let! whole = Send.get server $"/api/workflows/{id}/signals/{signal?id}"
                        Expect.equal (text whole.Json?payload) large "whole"
                    | several -> failtest $"{several.Length} signals on the first page"

                    let! second =
                        Send.get server $"/api/workflows/{id}/signals?limit=1&cursor={text first.Json?next}"

                    match items second.Json?signals with
                    | [ signal ] -> Expect.equal (signal?payload.GetInt32()) 2 "payload"
                    | several -> failtest $"{several.Length} signals on the second page"

                    let! unknown = Send.get server $"/api/workflows/{id}/signals/999999999"
                    Expect.equal unknown.Status 404 "no such signal"
                })

            testCaseTask "a signal by external id can create the missing workflow" (fun () ->
                task {
                    let externalId = Make.newId ()
                    let address = $"\"externalId\":\"{externalId}\",\"name\":\"paid\""
                    let! missing = Send.post server "/api/signals" $"{{{address}}}"
                    Expect.equal missing.Status 404 "status"

                    let! sent =
                        Send.post server "/api/signals" $"""{{{address},"orCreate":{Make.body "Unpaid" externalId}}}"""

                    Expect.equal sent.Status 200 "status"
                    let! workflow = Send.get server $"/api/workflowByExternalId/{externalId}"

                    Expect.equal
                        (items sent.Json?workflowIds |> List.map _.GetInt64())
                        [ workflow.Json?id.GetInt64() ]
                        "receiver"

                    let! misfit =
                        Send.post
                            server
                            "/api/signals"
                            $"""{{"externalId":"{Make.newId ()}","name":"paid","orCreate":{Make.body "Nonsense" (Make.newId ())}}}"""

                    Expect.equal (Send.invalidFields misfit) [ "orCreate.workflowType" ] "invalid nested field"

                    let! faulty = Send.post server "/api/signals" """{"name":"paid"}"""
                    Expect.equal (Send.invalidFields faulty) [ "workflowId" ] "invalid fields"
                })

            testCaseTask "history, path and variables describe a finished run" (fun () ->
                task {
                    let! id = finishedOrder ()
                    let! newest = Send.get server $"/api/workflows/{id}/history?limit=2"
                    let! oldest = Send.get server $"/api/workflows/{id}/history?order=oldest&limit=1000"
                    let entries = items oldest.Json?entries
                    Expect.equal (text entries.Head?kind) "CREATED" "first"
                    Expect.isTrue (isJsonNull oldest.Json?next) "the last page"

                    let! rest =
                        Send.get server $"/api/workflows/{id}/history?limit=1000&cursor={text newest.Json?next}"

                    let idsOf (reply: Reply) =
                        items reply.Json?entries |> List.map (fun entry -> entry?id.GetInt64())

                    Expect.equal (List.rev (idsOf newest @ idsOf rest)) (idsOf oldest) "the same in both directions"
                    let! path = Send.get server $"/api/workflows/{id}/path"
                    let states = items path.Json?states |> List.map (fun state -> text state?state)
                    Expect.equal states [ "Init"; "Review"; "Ship"; "Done" ] "states"
                    let last = List.last (idsOf oldest)
                    let! variables = Send.get server $"/api/workflows/{id}/variables?at={last}"
                    Expect.equal (text variables.Json?values?createdBy) "admin" "created by"
                    let! faulty = Send.get server $"/api/workflows/{id}/variables"
                    Expect.equal (Send.invalidFields faulty) [ "at" ] "the missing field"
                })

            testCaseTask "exported history pages can be replayed against the definition" (fun () ->
                task {
                    let! id = finishedOrder ()
                    let! newest = Send.get server $"/api/workflows/{id}/history?limit=2"

                    let! rest =
                        Send.get server $"/api/workflows/{id}/history?cursor={text newest.Json?next}"

                    let! report =
                        Replay.RunAsync(RunExport.Parse(newest.Text, rest.Text), TestWorkflows.order)

                    Expect.equal (report.AssertSame().Compared) 2 "steps"
                    Expect.isEmpty report.NotComparable "not comparable"
                })

            testCaseTask "children are paged, and counts and an executor's work are returned" (fun () ->
                task {
                    let! parent = Make.workflowIn server "Parent" "Join" (Make.newId ())

                    let! children =
                        Send.get server $"/api/workflows/{parent?id.GetInt64()}/children?limit=1"

                    Expect.equal (items children.Json?workflows).Length 1 "children"
                    let! counts = Send.get server "/api/counts"

                    let joining =
                        items counts.Json
                        |> List.filter (fun count -> text count?workflowType = "Parent" && text count?state = "Join")

                    Expect.isNonEmpty joining "counted"
                    let! executors = Send.get server "/api/executors"
                    let executor = (items executors.Json).Head
                    Expect.isGreaterThan (executor?leaseSeconds.GetDouble()) 0. "lease"
                    let! work = Send.get server $"/api/executors/{executor?id.GetInt64()}/work"
                    Expect.equal work.Status 200 "status"
                })

            testCaseTask "recently ended and upcoming workflows are listed" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! sleeper = Make.workflow server "Sleeper" (Make.newId ())
                    let! _ = Make.workflow server "Sleeper" (Make.newId ())
                    let! next = Send.get server "/api/upcoming?limit=1"
                    Expect.equal (items next.Json |> List.map (fun row -> row?id.GetInt64())) [ sleeper ] "first due"
                    let! faulty = Send.get server "/api/upcoming?limit=101"
                    Expect.equal (Send.invalidFields faulty) [ "limit" ] "a limit that is too high"

                    let rec counted () =
                        task {
                            let! reply = Send.get server "/api/throughput"

                            match items reply.Json?minutes with
                            | [] ->
                                server.Clock.Advance(TimeSpan.FromMinutes 1.)
                                do! Task.Yield()
                                return! counted ()
                            | minutes -> return minutes
                        }

                    let! minutes = counted ()
                    Expect.equal (text minutes.Head?workflowType) "Sleeper" "type"
                    Expect.equal (text minutes.Head?status) "FINISHED" "status"
                })
        ]

/// Operations on many workflows, over HTTP.
module JobTests =
    let tests (server: TestServer) =

        let manyTypes =
            List.init 100 (fun index -> $"\"Nonsense{index}\"") |> String.concat ","

        let rec ended (id: int64) : Task<JsonElement> =
            task {
                let! reply = Send.get server $"/api/jobs/{id}"

                match text reply.Json?status with
                | "QUEUED"
                | "RUNNING" ->
                    server.Clock.Advance(TimeSpan.FromSeconds 1.)
                    do! Task.Yield()
                    return! ended id
                | _ -> return reply.Json
            }

        testList "Job" [
            testCaseTask "a job is forecast, started, followed to its end and kept" (fun () ->
                task {
                    for _ in 1..3 do
                        let! _ = Make.workflowIn server "Order" "Review" (Make.newId ())
                        ()

                    let body =
                        """{"operation":{"kind":"cancel"},"filter":{"workflowTypes":["Order"],"states":["Review"]},"reason":"no stock"}"""

                    let! forecast = Send.post server "/api/jobs/forecast" body
                    Expect.equal (forecast.Json?total.GetInt64()) 3L "total"
                    let! started = Send.post server "/api/jobs" body
                    Expect.equal started.Status 201 "status"
                    let id = started.Json?id.GetInt64()
                    Expect.equal (started.Header "Location") $"/api/jobs/{id}" "location"
                    let! job = (ended id).WaitAsync(TimeSpan.FromMinutes 1.)
                    Expect.equal (text job?status, job?``done``.GetInt64()) ("DONE", 3L) "job"
                    Expect.equal (text job?operation?kind, text job?actor) ("cancel", "admin") "operation"
                    let! again = Send.post server $"/api/jobs/{id}/cancel" "{}"
                    Expect.equal again.Status 409 "it has ended"
                    let! jobs = Send.get server "/api/jobs?limit=1"
                    Expect.equal (items jobs.Json?jobs |> List.map (fun job -> job?id.GetInt64())) [ id ] "jobs"
                    let! failures = Send.get server $"/api/jobs/{id}/failures"
                    Expect.isEmpty (items failures.Json?failures) "failures"
                })

            testCaseTask "a job list shows only the kind of a large operation" (fun () ->
                task {
                    let large = String('x', 20_000)

                    let! started =
                        Send.post
                            server
                            "/api/jobs"
                            $$$"""{"operation":{"kind":"signal","name":"news","payload":"{{{large}}}"},"filter":{"workflowTypes":["Order"],"states":["Refused"]}}"""

                    Expect.equal started.Status 201 started.Text
                    Expect.isFalse (started.Json?operationOmitted.GetBoolean()) "omitted in the response"
                    let! jobs = Send.get server "/api/jobs?limit=1"
                    let listed = (items jobs.Json?jobs).Head

                    Expect.equal
                        (listed?operation.GetRawText(), listed?operationOmitted.GetBoolean())
                        ("""{"kind":"signal"}""", true)
                        "listed"

                    let! whole = Send.get server $"/api/jobs/{started.Json?id}"
                    Expect.stringContains (whole.Json?operation.GetRawText()) large "whole"
                })

            testCaseTask "of a hundred errors twenty are listed" (fun () ->
                task {
                    let! reply =
                        Send.post
                            server
                            "/api/jobs"
                            $"""{{"operation":{{"kind":"cancel"}},"filter":{{"workflowTypes":[{manyTypes}]}}}}"""

                    Expect.equal reply.Status 400 "status"
                    Expect.equal (Send.invalidFields reply) (List.replicate 20 "filter.workflowTypes") "fields"
                    Expect.stringContains (text reply.Json?detail) "at most 20" "detail"
                })

            testTheoryTask
                "an invalid job is rejected with its field"
                [
                    """{"operation":{"kind":"explode"},"filter":{"idFrom":1}}""", [ "operation.kind" ]
                    """{"operation":{},"filter":{"idFrom":1}}""", [ "operation.kind" ]
                    """{"operation":{"kind":"cancel","state":"x"},"filter":{"idFrom":1}}""", [ "operation.state" ]
                    """{"operation":{"kind":"changeState"},"filter":{"idFrom":1}}""", [ "operation.state" ]
                    """{"operation":{"kind":"cancel"}}""", [ "filter" ]
                    """{"operation":{"kind":"cancel"},"filter":{}}""", [ "filter" ]
                    """{"operation":{"kind":"cancel"},"filter":{"statuses":["GONE"]}}""", [ "filter.statuses[0]" ]
                    """{"operation":{"kind":"cancel"},"filter":{"waitsFor":["rain"]}}""", [ "filter.waitsFor[0]" ]
                ]
                (fun (body: string, fields: string list) ->
                    task {
                        for path in [ "/api/jobs"; "/api/jobs/forecast" ] do
                            let! reply = Send.post server path body
                            Expect.equal (reply.Status, Send.invalidFields reply) (400, fields) "rejected"
                    })
        ]
