namespace GopherFlow.Server.Tests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Xunit

/// Text that is sent without a declared length.
type private ChunkedContent(text: string) =
    inherit HttpContent()

    override _.SerializeToStreamAsync(stream: Stream, _: TransportContext) =
        stream.WriteAsync(Encoding.UTF8.GetBytes text).AsTask()

    override _.TryComputeLength(length) =
        length <- 0L
        false

type BadInputTests(shared: SharedServer) =
    let server = shared.Server

    /// Sends something that must be refused, and sees that nothing was stored.
    let refused (send: unit -> Task<Reply>) status =
        task {
            let! before = Make.count server
            let! reply = send ()
            Assert.Equal(status, reply.Status)
            let! after = Make.count server
            Assert.Equal(before, after)
            return reply
        }

    let refusedPost path (body: string) =
        refused (fun () -> Send.post server path body) 400

    let create = "/api/workflows"

    let sound =
        """ "externalId":"x","executorGroup":"default","workflowType":"Order","businessKey":"b" """

    [<Fact>]
    member _.``a malformed body``() =
        task {
            let! reply = refusedPost create "{\"externalId\": \"x\",\n oops"
            Assert.Equal<string list>([ "body" ], Send.faultyFields reply)
            Assert.Contains("line 2, byte 2", text reply.Json?detail)
        }

    [<Fact>]
    member _.``no body at all``() =
        task {
            let! reply = refused (fun () -> Send.send server Send.asAdmin "POST" create null) 400
            Assert.Equal<string list>([ "body" ], Send.faultyFields reply)
        }

    [<Fact>]
    member _.``an unknown field``() =
        task {
            let! reply = refusedPost create $"{{{sound},\"bussinessKey\":\"b\"}}"
            Assert.Equal<string list>([ "bussinessKey" ], Send.faultyFields reply)
            Assert.Contains("businessKey", text (items reply.Json?errors).Head?expected)
        }

    [<Fact>]
    member _.``an unknown workflow type``() =
        task {
            let! reply = refusedPost create (Make.body "Nonsense" "x")
            Assert.Equal<string list>([ "workflowType" ], Send.faultyFields reply)
            Assert.Equal("Nonsense", text (items reply.Json?errors).Head?received)
        }

    [<Fact>]
    member _.``an unknown workflow type inside a nested request, without a wait``() =
        task {
            let body =
                $"""{{"createWorkflowRequest":{Make.body "Nonsense" "x"},"waitSeconds":300}}"""

            let! reply = refusedPost "/api/createAndWait" body
            Assert.Equal<string list>([ "createWorkflowRequest.workflowType" ], Send.faultyFields reply)
        }

    [<Fact>]
    member _.``missing fields, all at once``() =
        task {
            let! reply = refusedPost create """{"executorGroup":"default"}"""
            Assert.Equal<string list>([ "externalId"; "workflowType"; "businessKey" ], Send.faultyFields reply)

            for error in items reply.Json?errors do
                Assert.True(isJsonNull error?received)
        }

    [<Theory>]
    [<InlineData("""{"createWorkflowRequest":{"externalId":"x","executorGroup":"default","workflowType":"Order"}}""",
                 "createWorkflowRequest.businessKey")>]
    [<InlineData("""{"waitSeconds":1}""", "createWorkflowRequest")>]
    member _.``missing fields of a nested request`` (body: string) (field: string) =
        task {
            let! reply = refusedPost "/api/createAndWait" body
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    [<Theory>]
    [<InlineData("priority", "0")>]
    [<InlineData("priority", "\"high\"")>]
    [<InlineData("stateVars", "[]")>]
    [<InlineData("stateVars", "\"a=b\"")>]
    [<InlineData("nextActivation", "\"2026-11-22\"")>]
    [<InlineData("nextActivationOffset", "\"soon\"")>]
    [<InlineData("nextActivationOffset", "30")>]
    member _.``a field of the wrong type or range`` (field: string) (value: string) =
        task {
            let! reply = refusedPost create $"{{{sound},\"{field}\":{value}}}"
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
            Assert.Equal(value, text (items reply.Json?errors).Head?received)
        }

    [<Fact>]
    member _.``texts that are too long or have NUL characters``() =
        task {
            let! long = refusedPost create (Make.body "Order" (String('x', 501)))
            Assert.Equal<string list>([ "externalId"; "businessKey" ], Send.faultyFields long)
            let! nul = refusedPost create (Make.body "Order" "a\\u0000b")
            Assert.Equal<string list>([ "externalId"; "businessKey" ], Send.faultyFields nul)
        }

    [<Theory>]
    [<InlineData("/api/workflows/seven")>]
    [<InlineData("/api/workflows/-1")>]
    [<InlineData("/api/workflows/1.5")>]
    [<InlineData("/api/workflows/99999999999999999999")>]
    [<InlineData("/api/actions/byWorkflowId/seven")>]
    member _.``an id that is none``(path: string) =
        task {
            let! reply = Send.get server path
            Assert.Equal(400, reply.Status)
            Assert.Equal<string list>([ "id" ], Send.faultyFields reply)
        }

    [<Theory>]
    [<InlineData("limit=0", "limit")>]
    [<InlineData("limit=1001", "limit")>]
    [<InlineData("limit=many", "limit")>]
    [<InlineData("limit=1&limit=2", "limit")>]
    [<InlineData("beforeId=x", "beforeId")>]
    member _.``a faulty page`` (query: string) (field: string) =
        task {
            let! reply = Send.get server $"/api/actions/byWorkflowId/1?{query}"
            Assert.Equal(400, reply.Status)
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    [<Theory>]
    [<InlineData("""{"limit":1001}""", "limit")>]
    [<InlineData("""{"limit":-1}""", "limit")>]
    [<InlineData("""{"offset":-1}""", "offset")>]
    [<InlineData("""{"status":"RUNNING"}""", "status")>]
    [<InlineData("""{"id":"1"}""", "id")>]
    [<InlineData("""{"states":["a"]}""", "states")>]
    member _.``a faulty search`` (body: string) (field: string) =
        task {
            let! reply = Send.post server "/api/workflows/search" body
            Assert.Equal(400, reply.Status)
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    [<Theory>]
    [<InlineData(false)>]
    [<InlineData(true)>]
    member _.``a body that is too large, with and without a declared length``(isChunked: bool) =
        task {
            let body = $"""{{{sound},"stateVars":{{"large":"{String('x', 1024 * 1024)}"}}}}"""

            let content () : HttpContent =
                if isChunked then
                    let content = new ChunkedContent(body)
                    content.Headers.ContentType <- Headers.MediaTypeHeaderValue "application/json"
                    content
                else
                    Send.json body

            let! reply =
                refused (fun () -> Send.send server Send.asAdmin "POST" create (content ())) 413

            Assert.Contains("1048576 bytes", text reply.Json?detail)
            Assert.Equal<string list>([ "body" ], Send.faultyFields reply)
        }

    [<Fact>]
    member _.``a body just within the limit is taken, chunked or not``() =
        task {
            let body externalId =
                let start =
                    (Make.body "Order" externalId).TrimEnd('}') + ",\"stateVars\":{\"large\":\""

                start + String('x', 1024 * 1024 - start.Length - 3) + "\"}}"

            let chunked = new ChunkedContent(body (Make.newId ()))
            chunked.Headers.ContentType <- Headers.MediaTypeHeaderValue "application/json"

            for content in [ Send.json (body (Make.newId ())) :> HttpContent; chunked ] do
                let! reply = Send.send server Send.asAdmin "POST" create content
                Assert.Equal(200, reply.Status)
        }

    [<Theory>]
    [<InlineData("text/plain")>]
    [<InlineData("application/x-www-form-urlencoded")>]
    [<InlineData("multipart/form-data")>]
    member _.``a body of a type that a foreign page could send``(contentType: string) =
        task {
            let content =
                new StringContent(Make.body "Order" "x", Encoding.UTF8, Headers.MediaTypeHeaderValue contentType)

            let! reply =
                refused (fun () -> Send.send server Send.asAdmin "POST" create content) 415

            Assert.Equal<string list>([ "Content-Type" ], Send.faultyFields reply)
        }

    [<Theory>]
    [<InlineData("state", """{"state":"Nowhere"}""", "state")>]
    [<InlineData("state", """{}""", "state")>]
    [<InlineData("state", """{"state":"Ship","when":"now"}""", "when")>]
    [<InlineData("stateAndWait",
                 """{"updateWorkflowStateRequest":{"state":"Nowhere"}}""",
                 "updateWorkflowStateRequest.state")>]
    [<InlineData("stateAndWait",
                 """{"updateWorkflowStateRequest":{"state":"Ship"},"waitForStates":["Nowhere"]}""",
                 "waitForStates[0]")>]
    [<InlineData("stateAndWait",
                 """{"updateWorkflowStateRequest":{"state":"Ship"},"fromStates":["Nowhere"]}""",
                 "fromStates[0]")>]
    [<InlineData("stateAndWait",
                 """{"updateWorkflowStateRequest":{"state":"Ship"},"fromStates":["Init"]}""",
                 "fromStates")>]
    [<InlineData("stateAndWait",
                 """{"updateWorkflowStateRequest":{"state":"Ship"},"updateStateVarRequest":{"value":1}}""",
                 "updateStateVarRequest.key")>]
    [<InlineData("stateAndWait",
                 """{"updateWorkflowStateRequest":{"state":"Ship"},"checkSeconds":"often"}""",
                 "checkSeconds")>]
    [<InlineData("statevars", """{"key":"  ","value":1}""", "key")>]
    [<InlineData("statevars", """{"key":"k"}""", "value")>]
    member _.``a faulty change leaves the workflow as it was`` (route: string) (body: string) (field: string) =
        task {
            let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
            let path = $"/api/workflows/{order?id.GetInt64()}"
            let! before = Send.get server path
            let! reply = refusedPost $"{path}/{route}" body
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
            let! after = Send.get server path
            Assert.Equal(before.Text, after.Text)
        }

    [<Fact>]
    member _.``a state to wait for that does not exist``() =
        task {
            let body =
                $"""{{"createWorkflowRequest":{Make.body "Order" (Make.newId ())},"waitForStates":["Done","Nowhere"]}}"""

            let! reply = refusedPost "/api/createAndWait" body
            Assert.Equal<string list>([ "waitForStates[1]" ], Send.faultyFields reply)
            Assert.Contains("Review", text reply.Json?detail)
        }

    [<Theory>]
    [<InlineData("GET", "/api")>]
    [<InlineData("GET", "/api/nothing")>]
    [<InlineData("POST", "/api/workflows/1/2/3")>]
    [<InlineData("GET", "/API/nothing")>]
    member _.``an unknown route`` (method: string) (path: string) =
        task {
            let! reply = Send.send server Send.asAdmin method path null
            Assert.Equal(404, reply.Status)
            Assert.Equal("urn:gopherflow:problem:unknown-route", text reply.Json?``type``)
        }

    [<Theory>]
    [<InlineData("PUT", "/api/workflows", "POST")>]
    [<InlineData("GET", "/api/createAndWait", "POST")>]
    [<InlineData("DELETE", "/api/workflows/1", "GET")>]
    [<InlineData("PATCH", "/api/session", "POST, GET, DELETE")>]
    member _.``a wrong method`` (method: string) (path: string) (allowed: string) =
        task {
            let! reply = Send.send server Send.asAdmin method path null
            Assert.Equal(405, reply.Status)
            Assert.Equal(allowed, reply.Header "Allow")
        }

    interface IClassFixture<SharedServer>

type BodyLimitTests() =

    [<Fact>]
    member _.``the limit of a body can be set``() =
        task {
            use! server = TestServer.StartAsync([ "GFLOW_WEB_MAX_BODY_BYTES", "2000" ], ignore)

            let! reply =
                Send.post server "/api/workflows" (Make.body "Order" (String('x', 2000)))

            Assert.Equal(413, reply.Status)
            let! small = Send.post server "/api/workflows" (Make.body "Order" "x")
            Assert.Equal(200, small.Status)
        }
