namespace GopherFlow.Server.Tests

open System
open System.Text.Json
open Xunit

type QueryTests() =

    let search server body =
        task {
            let! reply = Send.post server "/api/workflows/search" body
            Assert.Equal(200, reply.Status)
            return reply.Json
        }

    let idsOf (page: JsonElement) =
        items page?workflows |> List.map (fun workflow -> workflow?id.GetInt64())

    [<Fact>]
    member _.``workflows are searched newest first, by every field, and paged by id``() =
        task {
            use! server = TestServer.StartAsync()
            let! first = Make.workflowIn server "Order" "Review" "one"
            let! second = Make.workflowIn server "Sleeper" "Wake" "two"
            let! third = Make.workflowIn server "Parent" "Join" "three"
            let one, two, three = first?id.GetInt64(), second?id.GetInt64(), third?id.GetInt64()
            let! all = search server "{}"
            let child = three + 1L
            Assert.Equal<int64 list>([ child; three; two; one ], idsOf all)
            Assert.Equal(4, all?results.GetInt32())
            Assert.Equal(0, all?offset.GetInt32())
            Assert.True(isJsonNull all?nextBeforeId)

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
                ] do
                let! page = search server body
                Assert.Equal<int64 list>(expected, idsOf page)

            let! page = search server """{"limit":2}"""
            Assert.Equal<int64 list>([ child; three ], idsOf page)

            let! next =
                search server $"""{{"limit":2,"beforeId":{page?nextBeforeId.GetInt64()}}}"""

            Assert.Equal<int64 list>([ two; one ], idsOf next)
            let! children = search server $"""{{"parentWorkflowId":{three}}}"""
            Assert.Equal(three, (items children?workflows).Head?parentWorkflowId.GetInt64())
        }

    [<Fact>]
    member _.``history comes newest first, in pages``() =
        task {
            use! server = TestServer.StartAsync()
            let! order = Make.workflowIn server "Order" "Review" "one"
            let path = $"/api/actions/byWorkflowId/{order?id.GetInt64()}"
            let! all = Send.get server path
            let types = items all.Json |> List.map (fun action -> text action?``type``)
            Assert.Equal("CREATED", List.last types)
            Assert.Contains("TRANSITION", types)
            Assert.Contains("LOG", types)

            let transition =
                items all.Json |> List.find (fun action -> text action?``type`` = "TRANSITION")

            Assert.Equal("From Init to Review", text transition?text)
            Assert.Equal("Init", text transition?name)
            Assert.Equal(order?id.GetInt64(), transition?workflowId.GetInt64())
            let ids = items all.Json |> List.map (fun action -> action?id.GetInt64())
            Assert.Equal<int64 list>(List.sortDescending ids, ids)
            let! page = Send.get server $"{path}?limit=2"
            Assert.Equal<int64 list>(List.take 2 ids, items page.Json |> List.map (fun action -> action?id.GetInt64()))
            let! rest = Send.get server $"{path}?limit=1000&beforeId={ids[1]}"
            Assert.Equal<int64 list>(List.skip 2 ids, items rest.Json |> List.map (fun action -> action?id.GetInt64()))
            let! beyond = Send.get server $"{path}?beforeId={List.last ids}"
            Assert.Equal(200, beyond.Status)
            Assert.Empty(items beyond.Json)
        }

    [<Fact>]
    member _.``definitions tell all that can be shown of them``() =
        task {
            use! server = TestServer.StartAsync()
            let! all = Send.get server "/api/definitions"
            let names = items all.Json |> List.map (fun definition -> text definition?name)
            Assert.Equal<string list>([ "Gated"; "Order"; "Parent"; "Sleeper" ], names)
            let! order = Send.get server "/api/definitions/Order"
            let definition = order.Json
            Assert.Equal(TestWorkflows.order.Version, text definition?version)
            Assert.Equal("An order that a person reviews", text definition?description)
            Assert.Equal("Init", text definition?initialState)
            Assert.True(definition?registered.GetBoolean())
            Assert.StartsWith("flowchart", text definition?flowChart)
            Assert.Equal("2026-11-22T19:00:00.000000Z", text definition?created)
            Assert.Equal("linear", text definition?retry?kind)
            Assert.Equal(10, definition?retry?maxRetries.GetInt32())
            let states = items definition?states

            Assert.Equal<string list>(
                [ "Init Start"; "Review Manual"; "Ship Normal"; "Refused Error"; "Done End" ],
                states |> List.map (fun state -> $"{text state?name} {text state?``type``}")
            )

            let ship = states[2]
            Assert.Equal<string list>([ "Done" ], items ship?goesTo |> List.map text)
            Assert.Equal("exponential", text ship?retry?kind)
            Assert.Equal(9., ship?retry?maxSeconds.GetDouble())
            Assert.Equal(30., ship?timeoutSeconds.GetDouble())
            Assert.True(isJsonNull states[0]?retry)
            Assert.True(isJsonNull states[0]?timeoutSeconds)
        }

    [<Fact>]
    member _.``an executor counts as alive for as long as its lease``() =
        task {
            use! server = TestServer.StartAsync()

            let! entry =
                server.Store.RegisterExecutorAsync(
                    GopherFlow.Storage.ExecutorRegistration(
                        "the other",
                        [| "reports"; "mail" |],
                        7,
                        TimeSpan.FromMinutes -1.
                    ),
                    Threading.CancellationToken.None
                )

            let! reply = Send.get server "/api/executors"
            let executors = items reply.Json
            Assert.Equal(2, executors.Length)

            let other, here =
                executors |> List.partition (fun executor -> text executor?name = "the other")

            let here, other = here.Head, other.Head
            Assert.True(here?alive.GetBoolean())
            Assert.False(other?alive.GetBoolean())
            Assert.Equal(entry.Id, other?id.GetInt64())
            Assert.Equal("the other", text other?name)
            Assert.Equal(7, other?capacity.GetInt32())
            Assert.Equal<string list>([ "reports"; "mail" ], items other?groups |> List.map text)
            Assert.Equal("2026-11-22T19:00:00.000000Z", text other?started)
            Assert.Equal("2026-11-22T19:00:00.000000Z", text other?lastActive)
        }
