namespace GopherFlow.Server.Tests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.TestSupport

/// Text sent without a Content-Length header.
type private ChunkedContent(text: string) =
    inherit HttpContent()

    override _.SerializeToStreamAsync(stream: Stream, _: TransportContext) =
        stream.WriteAsync(Encoding.UTF8.GetBytes text).AsTask()

    override _.TryComputeLength(length) =
        length <- 0L
        false

module BadInputTests =
    let tests (server: TestServer) =

        /// Sends a request that must be rejected with the given status, and checks that no workflow was created.
        let refused (send: unit -> Task<Reply>) status =
            task {
                let! before = Make.count server
                let! reply = send ()
                Expect.equal reply.Status status "status"
                let! after = Make.count server
                Expect.equal after before "workflow count"
                return reply
            }

        let refusedPost path (body: string) =
            refused (fun () -> Send.post server path body) 400

        let create = "/api/workflows"

        let valid =
            """ "externalId":"x","executorGroup":"default","workflowType":"Order","businessKey":"b" """

        testList "Bad input" [
            testCaseTask "a malformed body" (fun () ->
                task {
                    let! reply = refusedPost create "{\"externalId\": \"x\",\n oops"
                    Expect.equal (Send.invalidFields reply) [ "body" ] "invalid fields"
                    Expect.stringContains (text reply.Json?detail) "line 2, byte 2" "detail"
                })

            testCaseTask "no body at all" (fun () ->
                task {
                    let! reply = refused (fun () -> Send.send server Send.asAdmin "POST" create null) 400
                    Expect.equal (Send.invalidFields reply) [ "body" ] "invalid fields"
                })

            testCaseTask "a missing body is valid where every field is optional" (fun () ->
                task {
                    let! reply = Send.send server Send.asAdmin "POST" "/api/workflows/search" null
                    let! same = Send.post server "/api/workflows/search" "{}"
                    Expect.equal (reply.Status, reply.Text) (200, same.Text) "the same as an empty object"
                })

            testCaseTask "an unknown field" (fun () ->
                task {
                    let! reply = refusedPost create $"{{{valid},\"bussinessKey\":\"b\"}}"
                    Expect.equal (Send.invalidFields reply) [ "bussinessKey" ] "invalid fields"
                    Expect.stringContains (text (items reply.Json?errors).Head?expected) "businessKey" "expected"
                })

            testCaseTask "at most 20 errors of query and body are listed" (fun () ->
                task {
                    let query = List.init 30 (fun index -> $"query{index}=1") |> String.concat "&"
                    let fields = List.init 30 (fun index -> $"\"field{index}\":1") |> String.concat ","
                    let! reply = refusedPost $"{create}?{query}" $"{{{fields}}}"
                    Expect.equal (Send.invalidFields reply).Length 20 "listed errors"
                    Expect.stringContains (text reply.Json?detail) "at most 20" "detail"
                })

            testCaseTask "an unknown workflow type" (fun () ->
                task {
                    let! reply = refusedPost create (Make.body "Nonsense" "x")
                    Expect.equal (Send.invalidFields reply) [ "workflowType" ] "invalid fields"
                    Expect.equal (text (items reply.Json?errors).Head?received) "Nonsense" "received"
                })

            testCaseTask "a long received value is truncated in the error" (fun () ->
                task {
                    let! reply = refusedPost create (Make.body (String('x', 400)) "x")

                    Expect.equal
                        (text (items reply.Json?errors).Head?received)
                        $"{String('x', 200)}... (400 characters)"
                        "received"
                })

            testCaseTask "an unknown workflow type in createAndWait is rejected without waiting" (fun () ->
                task {
                    let body =
                        $"""{{"createWorkflowRequest":{Make.body "Nonsense" "x"},"waitSeconds":300}}"""

                    let! reply = refusedPost "/api/createAndWait" body
                    Expect.equal (Send.invalidFields reply) [ "createWorkflowRequest.workflowType" ] "invalid fields"
                })

            testCaseTask "all missing fields are listed at once" (fun () ->
                task {
                    let! reply = refusedPost create """{"executorGroup":"default"}"""

                    Expect.equal
                        (Send.invalidFields reply)
                        [ "externalId"; "workflowType"; "businessKey" ]
                        "invalid fields"

                    for error in items reply.Json?errors do
                        Expect.isTrue (isJsonNull error?received) "received"
                })

            testTheoryTask
                "missing fields of a nested request"
                [
                    """{"createWorkflowRequest":{"externalId":"x","executorGroup":"default","workflowType":"Order"}}""",
                    "createWorkflowRequest.businessKey"
                    """{"waitSeconds":1}""", "createWorkflowRequest"
                ]
                (fun (body: string, field: string) ->
                    task {
                        let! reply = refusedPost "/api/createAndWait" body
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })

            testTheoryTask
                "a field of the wrong type or range"
                [
                    "priority", "0"
                    "priority", "\"high\""
                    "stateVars", "[]"
                    "stateVars", "\"a=b\""
                    "nextActivation", "\"2026-11-22\""
                    "nextActivationOffset", "\"soon\""
                    "nextActivationOffset", "30"
                ]
                (fun (field: string, value: string) ->
                    task {
                        let! reply = refusedPost create $"{{{valid},\"{field}\":{value}}}"
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                        Expect.equal (text (items reply.Json?errors).Head?received) value "received"
                    })

            testCaseTask "texts that are too long or contain NUL characters" (fun () ->
                task {
                    let! long = refusedPost create (Make.body "Order" (String('x', 501)))
                    Expect.equal (Send.invalidFields long) [ "externalId"; "businessKey" ] "invalid fields"
                    let! nul = refusedPost create (Make.body "Order" "a\\u0000b")
                    Expect.equal (Send.invalidFields nul) [ "externalId"; "businessKey" ] "invalid fields"
                })

            testTheoryTask
                "a malformed id"
                [
                    "/api/workflows/seven"
                    "/api/workflows/-1"
                    "/api/workflows/1.5"
                    "/api/workflows/99999999999999999999"
                    "/api/actions/byWorkflowId/seven"
                ]
                (fun (path: string) ->
                    task {
                        let! reply = Send.get server path
                        Expect.equal reply.Status 400 "status"
                        Expect.equal (Send.invalidFields reply) [ "id" ] "invalid fields"
                    })

            testTheoryTask
                "invalid paging parameters"
                [
                    "limit=0", "limit"
                    "limit=1001", "limit"
                    "limit=many", "limit"
                    "limit=1&limit=2", "limit"
                    "cursor=x", "cursor"
                ]
                (fun (query: string, field: string) ->
                    task {
                        let! reply = Send.get server $"/api/actions/byWorkflowId/1?{query}"
                        Expect.equal reply.Status 400 "status"
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })

            testTheoryTask
                "an invalid search"
                [
                    """{"limit":1001}""", "limit"
                    """{"limit":-1}""", "limit"
                    """{"offset":-1}""", "offset"
                    """{"status":"RUNNING"}""", "status"
                    """{"id":"1"}""", "id"
                    """{"states":["a"]}""", "states"
                ]
                (fun (body: string, field: string) ->
                    task {
                        let! reply = Send.post server "/api/workflows/search" body
                        Expect.equal reply.Status 400 "status"
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })

            testTheoryTask
                "a body that is too large, with and without a declared length"
                [ false; true ]
                (fun (isChunked: bool) ->
                    task {
                        let body = $"""{{{valid},"stateVars":{{"large":"{String('x', 1024 * 1024)}"}}}}"""

                        let content () : HttpContent =
                            if isChunked then
                                let content = new ChunkedContent(body)
                                content.Headers.ContentType <- Headers.MediaTypeHeaderValue "application/json"
                                content
                            else
                                Send.json body

                        let! reply =
                            refused (fun () -> Send.send server Send.asAdmin "POST" create (content ())) 413

                        Expect.stringContains (text reply.Json?detail) "1048576 bytes" "detail"
                        Expect.equal (Send.invalidFields reply) [ "body" ] "invalid fields"
                    })

            testCaseTask "a body just within the limit is accepted, chunked or not" (fun () ->
                task {
                    let body externalId =
                        let start =
                            (Make.body "Order" externalId).TrimEnd('}') + ",\"stateVars\":{\"large\":\""

                        start + String('x', 1024 * 1024 - start.Length - 3) + "\"}}"

                    let chunked = new ChunkedContent(body (Make.newId ()))
                    chunked.Headers.ContentType <- Headers.MediaTypeHeaderValue "application/json"

                    for content in [ Send.json (body (Make.newId ())) :> HttpContent; chunked ] do
                        let! reply = Send.send server Send.asAdmin "POST" create content
                        Expect.equal reply.Status 201 "status"
                })

            testTheoryTask
                "a content type that a cross-site form could send"
                [ "text/plain"; "application/x-www-form-urlencoded"; "multipart/form-data" ]
                (fun (contentType: string) ->
                    task {
                        let content =
                            new StringContent(
                                Make.body "Order" "x",
                                Encoding.UTF8,
                                Headers.MediaTypeHeaderValue contentType
                            )

                        let! reply =
                            refused (fun () -> Send.send server Send.asAdmin "POST" create content) 415

                        Expect.equal (Send.invalidFields reply) [ "Content-Type" ] "invalid fields"
                    })

            testTheoryTask
                "an invalid change leaves the workflow unchanged"
                [
                    "state", """{"state":"Nowhere"}""", "state"
                    "state", """{}""", "state"
                    "state", """{"state":"Ship","when":"now"}""", "when"
                    "stateAndWait",
                    """{"updateWorkflowStateRequest":{"state":"Nowhere"}}""",
                    "updateWorkflowStateRequest.state"
                    "stateAndWait",
                    """{"updateWorkflowStateRequest":{"state":"Ship"},"waitForStates":["Nowhere"]}""",
                    "waitForStates[0]"
                    "stateAndWait",
                    """{"updateWorkflowStateRequest":{"state":"Ship"},"fromStates":["Nowhere"]}""",
                    "fromStates[0]"
                    "stateAndWait",
                    """{"updateWorkflowStateRequest":{"state":"Ship"},"updateStateVarRequest":{"value":1}}""",
                    "updateStateVarRequest.key"
                    "stateAndWait",
                    """{"updateWorkflowStateRequest":{"state":"Ship"},"checkSeconds":"often"}""",
                    "checkSeconds"
                    "statevars", """{"key":"  ","value":1}""", "key"
                    "statevars", """{"key":"k"}""", "value"
                ]
                (fun (route: string, body: string, field: string) ->
                    task {
                        let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
                        let path = $"/api/workflows/{order?id.GetInt64()}"
                        let! before = Send.get server path
                        let! reply = refusedPost $"{path}/{route}" body
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                        let! after = Send.get server path
                        Expect.equal after.Text before.Text "text"
                    })

            testCaseTask "a state change from a state the workflow has left is a conflict" (fun () ->
                task {
                    let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
                    let path = $"/api/workflows/{order?id.GetInt64()}"
                    let! before = Send.get server path

                    let late =
                        """{"updateWorkflowStateRequest":{"state":"Ship"},"fromStates":["Init"]}"""

                    let! reply = refused (fun () -> Send.post server $"{path}/stateAndWait" late) 409
                    Expect.equal (Send.invalidFields reply) [ "fromStates" ] "invalid fields"
                    let! after = Send.get server path
                    Expect.equal after.Text before.Text "text"
                })

            testCaseTask "waiting for a state that does not exist" (fun () ->
                task {
                    let body =
                        $"""{{"createWorkflowRequest":{Make.body "Order" (Make.newId ())},"waitForStates":["Done","Nowhere"]}}"""

                    let! reply = refusedPost "/api/createAndWait" body
                    Expect.equal (Send.invalidFields reply) [ "waitForStates[1]" ] "invalid fields"
                    Expect.stringContains (text reply.Json?detail) "Review" "detail"
                })

            testTheoryTask
                "an unknown route"
                [
                    "GET", "/api"
                    "GET", "/api/nothing"
                    "POST", "/api/workflows/1/2/3"
                    "GET", "/API/nothing"
                ]
                (fun (method: string, path: string) ->
                    task {
                        let! reply = Send.send server Send.asAdmin method path null
                        Expect.equal reply.Status 404 "status"
                        Expect.equal (text reply.Json?``type``) "urn:gopherflow:problem:unknown-route" "type"
                    })

            testTheoryTask
                "a wrong method"
                [
                    "PUT", "/api/workflows", "POST"
                    "GET", "/api/createAndWait", "POST"
                    "PUT", "/api/workflows/1", "GET, HEAD, PATCH, DELETE"
                    "PATCH", "/api/session", "POST, GET, HEAD, DELETE"
                ]
                (fun (method: string, path: string, allowed: string) ->
                    task {
                        let! reply = Send.send server Send.asAdmin method path null
                        Expect.equal reply.Status 405 "status"
                        Expect.equal (reply.Header "Allow") allowed "Allow"
                    })
        ]

module BodyLimitTests =
    let tests =

        testList "Body limit" [
            testCaseTask "the body limit is configurable" (fun () ->
                task {
                    use! server = TestServer.StartAsync([ "GFLOW_WEB_MAX_BODY_BYTES", "2000" ], ignore)

                    let! reply =
                        Send.post server "/api/workflows" (Make.body "Order" (String('x', 2000)))

                    Expect.equal reply.Status 413 "status"
                    let! small = Send.post server "/api/workflows" (Make.body "Order" "x")
                    Expect.equal small.Status 201 "status"
                })

            testCaseTask "an unauthenticated body is limited to 64 KiB" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let body = $"""{{"username":"ann","password":"{String('x', 65536)}"}}"""
                    let! reply = Send.send server Send.asNobody "POST" "/api/session" (Send.json body)
                    Expect.equal reply.Status 413 "status"
                    Expect.stringContains (text reply.Json?detail) "65536 bytes" "detail"
                })
        ]
