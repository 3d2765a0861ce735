namespace GopherFlow.Server.Tests

open System
open System.Threading
open System.Text.Json
open Expecto
open GopherFlow.TestSupport

module QueryTests =
    let tests =

        let search server body =
            task {
                let! reply = Send.post server "/api/workflows/search" body
                Expect.equal reply.Status 200 "status"
                return reply.Json
            }

        let idsOf (page: JsonElement) =
            items page?workflows |> List.map (fun workflow -> workflow?id.GetInt64())

        testList "Query" [
            testCaseTask "a list omits large variables and flags them" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let create (name: string) (length: int) =
                        let text = String('x', length)

                        Send.post
                            server
                            "/api/workflows"
                            $"""{{"externalId":"{name}","executorGroup":"default","workflowType":"Order","businessKey":"k","stateVars":{{"text":"{text}"}}}}"""

                    let! small = create "small" 16000
                    let! large = create "large" 17000
                    Expect.equal (small.Status, large.Status) (201, 201) "status"

                    let! page = search server "{}"
                    let! whole = Send.get server $"/api/workflows/{large.Json?id.GetInt64()}"

                    let carried (workflow: JsonElement) =
                        workflow?stateVarsOmitted.GetBoolean(),
                        (workflow?stateVars.EnumerateObject() |> Seq.length) > 0

                    Expect.equal (items page?workflows |> List.map carried) [ true, false; false, true ] "list"
                    Expect.equal (carried whole.Json) (false, true) "one"
                })

            testCaseTask "upcoming and running workflows are listed without reading large variables" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let parked (name: string) (length: int) =
                        task {
                            let text = String('x', length)

                            let! created =
                                Send.post
                                    server
                                    "/api/workflows"
                                    $"""{{"externalId":"{name}","executorGroup":"default","workflowType":"Sleeper","businessKey":"k","stateVars":{{"text":"{text}"}}}}"""

                            Expect.equal created.Status 201 created.Text
                            let id = created.Json?id.GetInt64()
                            let! _ = Make.arrival server id "Wake"
                            return id
                        }

                    let! small = parked "small" 16000
                    let! large = parked "large" 17000

                    let! rows =
                        GopherFlow.Server.Workflows.listed server.Store [ large; 0L; small ] CancellationToken.None

                    Expect.equal
                        (rows |> Seq.map (fun row -> row.Id, row.StateVars.Length > 0) |> List.ofSeq)
                        [ large, false; small, true ]
                        "read"

                    let! next = Send.get server "/api/upcoming"

                    Expect.equal
                        (items next.Json
                         |> List.map (fun row -> row?id.GetInt64(), row?stateVarsOmitted.GetBoolean()))
                        [ small, false; large, true ]
                        "sent"
                })

            testCaseTask "a list omits large results and flags them" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! small = Make.workflow server "Gated" "small"
                    server.OpenGate()
                    let! _ = Make.arrival server small "Done"
                    let! large = Make.workflow server "Large" "large"
                    let! whole = Make.arrival server large "Done"

                    let! page = search server """{"filter":{"statuses":["FINISHED"]}}"""

                    let carried (workflow: JsonElement) =
                        workflow?outputOmitted.GetBoolean(), isJsonNull workflow?output

                    Expect.equal (idsOf page) [ large; small ] "finished"
                    Expect.equal (items page?workflows |> List.map carried) [ true, true; false, false ] "list"
                    Expect.isLessThan (page.GetRawText().Length) 16384 "length"
                    Expect.equal (carried whole) (false, false) "one"
                    Expect.isGreaterThan (whole?output.GetRawText().Length) 17000 "the whole result"
                })

            testCaseTask "search covers every field, newest first, and is paged by id" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! first = Make.workflowIn server "Order" "Review" "one"
                    let! second = Make.workflowIn server "Sleeper" "Wake" "two"
                    let! third = Make.workflowIn server "Parent" "Join" "three"
                    let one, two, three = first?id.GetInt64(), second?id.GetInt64(), third?id.GetInt64()
                    let! all = search server "{}"
                    let child = three + 1L
                    Expect.equal (idsOf all) [ child; three; two; one ] "all"
                    Expect.equal (all?results.GetInt32()) 4 "results"
                    Expect.equal (all?offset.GetInt32()) 0 "offset"
                    Expect.isTrue (isJsonNull all?next) "next before id"

                    for body, expected in
                        [
                            $"""{{"id":{two}}}""", [ two ]
                            """{"externalId":"one"}""", [ one ]
                            """{"businessKey":"key of three"}""", [ child; three ]
                            $"""{{"id":{two},"externalId":"one"}}""", [ two; one ]
                            """{"workflowType":"Sleeper"}""", [ two ]
                            """{"executorGroup":"default"}""", [ child; three; two; one ]
                            """{"executorGroup":"other"}""", []
                            """{"state":"Review"}""", [ child; one ]
                            """{"status":"WAITING"}""", [ child; one ]
                            """{"status":"SCHEDULED"}""", []
                            $"""{{"parentWorkflowId":{three}}}""", [ child ]
                            """{"externalId":"one","state":"Wake"}""", []
                            """{"id":0,"externalId":"","status":"","limit":0}""", [ child; three; two; one ]
                            """{"limit":2,"offset":1}""", [ three; two ]
                            """{"filter":{"workflowTypes":["Sleeper","Parent"]}}""", [ three; two ]
                            """{"filter":{"waitsFor":["person"]},"workflowType":"Order"}""", [ child; one ]
                            """{"filter":{"withoutParent":true,"states":["Review"]}}""", [ one ]
                            """{"filter":{"businessKeyPrefix":"key of t"}}""", [ child; three; two ]
                            """{"filter":{"createdFrom":"2027-01-01T00:00:00Z"}}""", []
                        ] do
                        let! page = search server body
                        Expect.equal (idsOf page) expected "page"

                    let! page = search server """{"limit":2}"""
                    Expect.equal (idsOf page) [ child; three ] "page"
                    Expect.equal (page?total.GetInt64()) 4L "total"
                    let! uncounted = search server """{"businessKey":"key of one"}"""
                    Expect.isTrue (isJsonNull uncounted?total) "no total for an uncounted search"

                    let! both =
                        Send.post server "/api/workflows/search" """{"state":"a","filter":{"states":["b"]}}"""

                    Expect.equal (both.Status, Send.invalidFields both) (400, [ "state" ]) "either"

                    let! next = search server $"""{{"limit":2,"cursor":"{text page?next}"}}"""

                    Expect.equal (idsOf next) [ two; one ] "next"
                    let! children = search server $"""{{"parentWorkflowId":{three}}}"""

                    Expect.equal
                        ((items children?workflows).Head?parentWorkflowId.GetInt64())
                        three
                        "parent workflow id"
                })

            testCaseTask "history is returned newest first, in pages" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! order = Make.workflowIn server "Order" "Review" "one"
                    let path = $"/api/actions/byWorkflowId/{order?id.GetInt64()}"
                    let! all = Send.get server path
                    let types = items all.Json |> List.map (fun action -> text action?``type``)
                    Expect.equal (List.last types) "CREATED" "types"
                    Expect.contains types "TRANSITION" "types"
                    Expect.contains types "LOG" "types"

                    let transition =
                        items all.Json |> List.find (fun action -> text action?``type`` = "TRANSITION")

                    Expect.equal (text transition?text) "From Init to Review" "text"
                    Expect.equal (text transition?name) "Init" "name"
                    Expect.equal (transition?workflowId.GetInt64()) (order?id.GetInt64()) "workflow id"
                    Expect.equal (text transition?kind) "TRANSITION" "kind"
                    Expect.equal (text transition?from, text transition?``to``) ("Init", "Review") "states"

                    // The lines of an entry share its id.
                    let idsOf answer =
                        items answer |> List.map (fun action -> action?id.GetInt64()) |> List.distinct

                    let ids = idsOf all.Json
                    Expect.equal ids (List.sortDescending ids) "ids"
                    let! page = Send.get server $"{path}?limit=1"
                    Expect.equal (idsOf page.Json) (List.take 1 ids) "id"
                    let! rest = Send.get server $"{path}?limit=1000&cursor={ids[0]}"
                    Expect.equal (idsOf rest.Json) (List.skip 1 ids) "id"

                    let! beyond = Send.get server $"{path}?cursor={List.last ids}"
                    Expect.equal beyond.Status 200 "status"
                    Expect.isEmpty (items beyond.Json) "beyond the last page"
                })

            testCaseTask "a definition is returned with all its details" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! all = Send.get server "/api/definitions"
                    let names = items all.Json |> List.map (fun definition -> text definition?name)

                    Expect.equal
                        names
                        [
                            "Broken"
                            "Gated"
                            "Large"
                            "Metered"
                            "Order"
                            "Parent"
                            "Sleeper"
                            "Unpaid"
                        ]
                        "names"

                    let! order = Send.get server "/api/definitions/Order"
                    let definition = order.Json
                    Expect.equal (text definition?version) TestWorkflows.order.Version "version"
                    Expect.equal (text definition?description) "An order that a person reviews" "description"
                    Expect.equal (text definition?initialState) "Init" "initial state"
                    Expect.isTrue (definition?registered.GetBoolean()) "registered"
                    Expect.stringStarts (text definition?flowChart) "flowchart" "flow chart"
                    Expect.equal (text definition?created) "2026-11-22T19:00:00.000000Z" "created"
                    Expect.equal (text definition?retry?kind) "linear" "kind"
                    Expect.equal (definition?retry?maxRetries.GetInt32()) 10 "max retries"
                    let states = items definition?states

                    Expect.equal
                        (states |> List.map (fun state -> $"{text state?name} {text state?``type``}"))
                        [ "Init Start"; "Review Manual"; "Ship Normal"; "Refused Error"; "Done End" ]
                        "states"

                    let ship = states[2]
                    Expect.equal (items ship?goesTo |> List.map text) [ "Done" ] "goes to"
                    Expect.equal (text ship?retry?kind) "exponential" "kind"
                    Expect.equal (ship?retry?maxSeconds.GetDouble()) 9. "max seconds"
                    Expect.equal (ship?timeoutSeconds.GetDouble()) 30. "timeout seconds"
                    Expect.isTrue (isJsonNull states[0]?retry) "retry"
                    Expect.isTrue (isJsonNull states[0]?timeoutSeconds) "timeout seconds"
                })

            testCaseTask "an executor counts as alive until its lease expires" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let! dead =
                        server.Store.RegisterExecutorAsync(
                            GopherFlow.Storage.ExecutorRegistration(
                                "the other",
                                "3.2.1",
                                [| "reports"; "mail" |],
                                7,
                                TimeSpan.FromMinutes -1.
                            ),
                            Threading.CancellationToken.None
                        )

                    let! reply = Send.get server "/api/executors"
                    let executors = items reply.Json
                    Expect.equal executors.Length 2 "length"

                    let other, here =
                        executors |> List.partition (fun executor -> text executor?name = "the other")

                    let here, other = here.Head, other.Head
                    Expect.isTrue (here?alive.GetBoolean()) "alive"
                    Expect.isFalse (other?alive.GetBoolean()) "alive"
                    Expect.equal (other?id.GetInt64()) dead.Id "id"
                    Expect.equal (text other?name) "the other" "name"
                    Expect.equal (other?capacity.GetInt32()) 7 "capacity"
                    Expect.equal (text other?version) "3.2.1" "version"
                    Expect.equal (items other?groups |> List.map text) [ "reports"; "mail" ] "groups"
                    Expect.equal (text other?started) "2026-11-22T19:00:00.000000Z" "started"
                    Expect.equal (text other?lastActive) "2026-11-22T19:00:00.000000Z" "last active"
                })
        ]
