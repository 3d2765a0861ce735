namespace GopherFlow.Server.Tests

open System
open System.Threading
open System.Net.Http
open System.Net.Http.Headers
open System.Text
open System.Text.Json
open System.Threading.Tasks
open Expecto
open GopherFlow.TestSupport

/// A response with its text read.
type Reply = {
    Status: int
    Text: string
    Message: HttpResponseMessage
} with

    member reply.Json = JsonDocument.Parse(reply.Text).RootElement

    member reply.Header(name: string) =
        match reply.Message.Headers.TryGetValues name, reply.Message.Content.Headers.TryGetValues name with
        | (true, NonNull values), _
        | _, (true, NonNull values) -> String.Join(", ", values)
        | _ -> ""

/// Helpers that read JSON members.
[<AutoOpen>]
module Members =

    let (?) (json: JsonElement) (name: string) : JsonElement = json.GetProperty name

    let text (json: JsonElement) =
        json.GetString() |> Option.ofObj |> Option.defaultValue "(null)"

    let items (json: JsonElement) = List.ofSeq (json.EnumerateArray())

    let isJsonNull (json: JsonElement) = json.ValueKind = JsonValueKind.Null

/// Checks that every response must pass.
module private Invariants =

    let private checkProblem (reply: Reply) =
        Expect.equal (reply.Header "Content-Type") "application/problem+json" "Content-Type"
        let problem = reply.Json
        Expect.equal (problem?status.GetInt32()) reply.Status "status"
        Expect.isNonEmpty (text problem?title) "title"
        Expect.isNonEmpty (text problem?detail) "detail"
        Expect.isNonEmpty (text problem?traceId) "trace id"
        Expect.stringLacks reply.Text "Exception" "text"
        Expect.stringLacks reply.Text "   at " "text"

    let check (reply: Reply) =
        Expect.equal (reply.Header "X-Content-Type-Options") "nosniff" "X-Content-Type-Options"
        Expect.equal (reply.Header "Referrer-Policy") "no-referrer" "Referrer-Policy"
        Expect.stringStarts (reply.Header "Content-Security-Policy") "default-src 'self'" "Content-Security-Policy"
        Expect.equal (reply.Header "Server") "" "Server"

        if reply.Status >= 400 then
            checkProblem reply

/// Sends requests, by default as the admin with the API key.
module Send =

    /// Adds headers to a request.
    type Mark = HttpRequestMessage -> unit

    let withHeader (name: string) (value: string) : Mark =
        fun request -> request.Headers.TryAddWithoutValidation(name, value) |> ignore

    let asAdmin: Mark = withHeader "X-API-Key" TestSettings.ApiKey
    let asNobody: Mark = ignore

    let read (message: HttpResponseMessage) =
        task {
            let! text = message.Content.ReadAsStringAsync()

            let reply = {
                Status = int message.StatusCode
                Text = text
                Message = message
            }

            Invariants.check reply
            return reply
        }

    /// Sends a request with any content.
    let send (server: TestServer) (mark: Mark) (method: string) (path: string) (content: HttpContent | null) =
        task {
            use request = new HttpRequestMessage(HttpMethod method, path, Content = content)
            mark request
            let! message = server.Http.SendAsync request
            return! read message
        }

    let json (body: string) =
        new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue "application/json")

    let get server path = send server asAdmin "GET" path null

    let post server path body =
        send server asAdmin "POST" path (json body)

    /// The fields listed in the errors of a problem.
    let invalidFields (reply: Reply) =
        items reply.Json?errors |> List.map (fun error -> text error?field)

/// Creates and finds workflows.
module Make =

    let body (workflowType: string) (externalId: string) =
        $"""{{"externalId":"{externalId}","executorGroup":"default","workflowType":"{workflowType}","businessKey":"key of {externalId}"}}"""

    let newId () = Guid.NewGuid().ToString "N"

    /// Creates a workflow and returns its id.
    let workflow server workflowType externalId =
        task {
            let! reply = Send.post server "/api/workflows" (body workflowType externalId)
            Expect.equal reply.Status 201 "status"
            return reply.Json?id.GetInt64()
        }

    /// Creates a workflow and waits until it is in a state.
    let workflowIn server workflowType state externalId =
        task {
            let! reply =
                Send.post
                    server
                    "/api/createAndWait"
                    $"""{{"createWorkflowRequest":{body workflowType externalId},"waitForStates":["{state}"]}}"""

            Expect.equal reply.Status 200 "status"
            return reply.Json
        }

    /// Polls until the workflow is in the state.
    let rec arrival (server: TestServer) (id: int64) (state: string) : Task<JsonElement> =
        task {
            let! reply = Send.get server $"/api/workflows/{id}"

            if text reply.Json?state = state then
                return reply.Json
            else
                return! arrival server id state
        }

    /// The number of workflows, up to 1000.
    let count (server: TestServer) =
        task {
            let! found =
                server.Store.SearchAsync(
                    GopherFlow.Storage.WorkflowSearch(Limit = 1000),
                    Threading.CancellationToken.None
                )

            return found.Workflows.Count
        }
