namespace GopherFlow.Server.Tests

open System
open System.IO.Pipelines
open System.Net
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.Client
open GopherFlow.TestSupport

/// Answers the first request for live events itself and forwards all other requests to the server.
type private FirstStream(answer: CancellationToken -> Task<HttpResponseMessage>) =
    inherit DelegatingHandler(new SocketsHttpHandler())

    let reconnected =
        TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

    let mutable streams = 0

    /// Completes when the client requests live events for the second time.
    member _.Reconnected = reconnected.Task

    override _.SendAsync(request: HttpRequestMessage, cancellation: CancellationToken) =
        let isStream =
            match request.RequestUri with
            | null -> false
            | uri -> uri.AbsolutePath = "/api/events"

        if isStream then
            streams <- streams + 1

        if isStream && streams = 2 then
            reconnected.TrySetResult() |> ignore

        if isStream && streams = 1 then
            answer cancellation
        else
            base.SendAsync(request, cancellation)

/// Answers the requests for one path itself and forwards all others to the server.
type private AnsweredPath(path: string, answer: unit -> HttpResponseMessage) =
    inherit DelegatingHandler(new SocketsHttpHandler())

    let asked = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

    /// Completes when the path is first requested.
    member _.Asked = asked.Task

    override _.SendAsync(request: HttpRequestMessage, cancellation: CancellationToken) =
        match request.RequestUri with
        | NonNull uri when uri.AbsolutePath = path ->
            asked.TrySetResult() |> ignore
            Task.FromResult(answer ())
        | _ -> base.SendAsync(request, cancellation)

/// Fails the nth request for a path with a connection error and forwards all others to the server.
type private LostRequest(path: string, number: int) =
    inherit DelegatingHandler(new SocketsHttpHandler())

    let retrySeen =
        TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

    let mutable requests = 0

    /// Completes when the path is requested again after the failure.
    member _.Retried = retrySeen.Task

    override _.SendAsync(request: HttpRequestMessage, cancellation: CancellationToken) =
        let isCounted =
            match request.RequestUri with
            | null -> false
            | uri -> uri.AbsolutePath = path

        if isCounted then
            requests <- requests + 1

        if isCounted && requests > number then
            retrySeen.TrySetResult() |> ignore

        if isCounted && requests = number then
            Task.FromException<HttpResponseMessage>(HttpRequestException "The connection is lost.")
        else
            base.SendAsync(request, cancellation)

/// The C# client generated from the OpenAPI document, over HTTP.
module ClientTests =

    let private goesSilent (_: CancellationToken) =
        task {
            let body = Pipe()
            let! _ = body.Writer.WriteAsync(ReadOnlyMemory<byte>("event: hello\ndata: {}\n\n"B))
            return new HttpResponseMessage(Content = new StreamContent(body.Reader.AsStream()))
        }

    let private neverAnswers (cancellation: CancellationToken) =
        task {
            do! Task.Delay(Timeout.Infinite, cancellation)
            return new HttpResponseMessage()
        }

    let private problem (status: HttpStatusCode) (json: string) () =
        new HttpResponseMessage(
            status,
            Content = new StringContent(json, Text.Encoding.UTF8, "application/problem+json")
        )

    let private tooManyStreams () =
        let answer =
            problem
                HttpStatusCode.ServiceUnavailable
                """{"type":"urn:gopherflow:problem:too-many-streams","title":"t","status":503,"detail":"d","traceId":"1"}"""
                ()

        answer.Headers.RetryAfter <- Headers.RetryConditionHeaderValue(TimeSpan.FromSeconds 1.)
        answer

    /// Waits for the end of a workflow that ends after the first event stream has stopped without an error.
    let private waitOverDeadStream answer =
        task {
            use! server = TestServer.StartAsync()
            let firstStream = new FirstStream(answer)
            use http = new HttpClient(firstStream, BaseAddress = server.Http.BaseAddress)

            let client =
                GopherFlowClient(http, TestSettings.ApiKey, LongestSilence = TimeSpan.FromSeconds 1.)

            let workflows = HttpWorkflowClient(client) :> IWorkflowClient
            use stop = new CancellationTokenSource(TimeSpan.FromSeconds 60.)

            let! order =
                workflows.StartAsync("Order", "one", {| amount = 5 |}, cancellation = stop.Token)

            let ended = order.EndAsync stop.Token
            do! firstStream.Reconnected.WaitAsync stop.Token
            do! order.CancelAsync(cancellation = stop.Token)
            let! ended = ended
            Expect.equal ended.Status GopherFlow.Authoring.WorkflowStatus.Cancelled "status"
        }

    let private callOver (handler: HttpMessageHandler) (call: IWorkflowClient -> CancellationToken -> Task<'result>) =
        task {
            use! server = TestServer.StartAsync()
            use http = new HttpClient(handler, BaseAddress = server.Http.BaseAddress)
            use stop = new CancellationTokenSource(TimeSpan.FromSeconds 60.)
            return! call (HttpWorkflowClient(GopherFlowClient(http, TestSettings.ApiKey))) stop.Token
        }

    let tests =

        let clientOf (server: TestServer) =
            GopherFlowClient(server.Http, TestSettings.ApiKey)

        let order (externalId: string) =
            CreateWorkflowRequest(
                ExternalId = externalId,
                ExecutorGroup = "default",
                WorkflowType = "Order",
                BusinessKey = "customer 4"
            )

        testList "Client" [
            testCaseTask "the seven requests documented for the Go system" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let client = clientOf server
                    let! created = client.CreateWorkflowAsync(order "one")
                    Expect.isFalse created.Existed "created"

                    let! waited =
                        client.CreateAndWaitAsync(
                            CreateAndWaitRequest(
                                CreateWorkflowRequest =
                                    CreateAndWaitRequestCreateWorkflowRequest(
                                        ExternalId = "one",
                                        ExecutorGroup = "default",
                                        WorkflowType = "Order",
                                        BusinessKey = "customer 4"
                                    ),
                                WaitForStates = [| "Review" |],
                                WaitSeconds = 60
                            )
                        )

                    Expect.equal (waited.Id, waited.State) (created.Id, "Review") "createAndWait"
                    let! byId = client.GetWorkflowAsync(created.Id)
                    let! byExternalId = client.GetWorkflowByExternalIdAsync("one")
                    Expect.equal byId.Id byExternalId.Id "by external id"

                    let! found =
                        client.SearchWorkflowsAsync(SearchWorkflowsRequest(BusinessKey = "customer 4"))

                    Expect.equal found.Workflows.Count 1 "search"

                    let! set =
                        client.SetVariableAsync(
                            "one",
                            SetVariableRequest(Key = "a", Value = System.Text.Json.JsonSerializer.SerializeToElement 5)
                        )

                    Expect.isTrue set.Ok "statevars"
                    let! moved = client.ChangeStateAsync("one", ChangeStateRequest(State = "Ship"))
                    Expect.isTrue moved.Ok "state"
                    let! actions = client.ListActionsAsync(created.Id)
                    Expect.isNonEmpty actions "actions"
                })

            testCaseTask "a rejected request throws an exception with the field errors" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let client = clientOf server

                    let! refused =
                        Expect.throwsTask<GopherFlowException>(fun () ->
                            client.CreateWorkflowAsync(
                                CreateWorkflowRequest(
                                    ExternalId = "x",
                                    ExecutorGroup = "default",
                                    WorkflowType = "Nonsense",
                                    BusinessKey = "b"
                                )
                            ))

                    Expect.equal refused.Status HttpStatusCode.BadRequest "status"

                    match refused.Problem with
                    | null -> failtest "no problem"
                    | problem ->
                        match problem.Errors with
                        | null -> failtest "no errors"
                        | errors -> Expect.equal (errors[0]).Field "workflowType" "field"
                })

            testCaseTask "a job forecast with its operation, and a patch of a missing workflow" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let client = clientOf server
                    let! _ = client.CreateWorkflowAsync(order "one")

                    let! forecast =
                        client.ForecastJobAsync(
                            ForecastJobRequest(
                                Operation = ForecastJobRequestOperationCancel(Children = Nullable true),
                                Filter = ForecastJobRequestFilter(WorkflowTypes = [| "Order" |])
                            )
                        )

                    Expect.equal forecast.Total 1L "total"

                    let! missing =
                        Expect.throwsTask<GopherFlowException>(fun () ->
                            client.PlaceWorkflowAsync("nobody", PlaceWorkflowRequest(Priority = Nullable 1)))

                    Expect.equal missing.Status HttpStatusCode.NotFound "status"
                })

            testCaseTask "a wait without an event stream still completes" (fun () ->
                let handler = new AnsweredPath("/api/events", tooManyStreams)

                callOver handler (fun workflows stop ->
                    task {
                        let! order =
                            workflows.StartAsync("Order", "one", {| amount = 5 |}, cancellation = stop)

                        let ended = order.EndAsync stop
                        do! handler.Asked.WaitAsync stop
                        do! order.CancelAsync(cancellation = stop)
                        let! ended = ended
                        Expect.equal ended.Status GopherFlow.Authoring.WorkflowStatus.Cancelled "status"
                    }))

            testCaseTask "a wait survives a lost connection while polling" (fun () ->
                let handler = new LostRequest("/api/workflowByExternalId/one", 2)

                callOver handler (fun workflows stop ->
                    task {
                        let! order =
                            workflows.StartAsync("Order", "one", {| amount = 5 |}, cancellation = stop)

                        let ended = order.EndAsync stop
                        do! handler.Retried.WaitAsync stop
                        do! order.CancelAsync(cancellation = stop)
                        let! ended = ended
                        Expect.equal ended.Status GopherFlow.Authoring.WorkflowStatus.Cancelled "status"
                    }))

            testCaseTask "a followed history survives a lost connection" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! created = (clientOf server).CreateWorkflowAsync(order "one")
                    use handler = new LostRequest($"/api/workflows/{created.Id}/history", 1)
                    use http = new HttpClient(handler, BaseAddress = server.Http.BaseAddress)
                    let workflows = HttpWorkflowClient(GopherFlowClient(http, TestSettings.ApiKey))
                    use stop = new CancellationTokenSource(TimeSpan.FromSeconds 60.)

                    let history =
                        workflows.Handle("one").HistoryAsync(follow = true, cancellation = stop.Token)

                    let entries = history.GetAsyncEnumerator stop.Token
                    let! first = entries.MoveNextAsync()
                    Expect.isTrue first "an entry"
                    Expect.equal entries.Current.Kind "CREATED" "kind"
                    do! entries.DisposeAsync()
                })

            testCaseTask "keys that cannot be part of a URL are found" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let client = clientOf server
                    let workflows = HttpWorkflowClient(client) :> IWorkflowClient

                    for key in [ "."; ".." ] do
                        let! nobody =
                            Expect.throwsTask<WorkflowCallException>(fun () ->
                                workflows.Handle(key).QueryAsync() :> Task)

                        Expect.equal nobody.Failure CallFailure.NotFound "before"
                        let! started = workflows.StartAsync("Order", key, {| amount = 5 |})
                        let! known = started.QueryAsync()
                        do! workflows.Handle(key).CancelAsync()
                        let! found = workflows.Handle(key).QueryAsync()
                        Expect.equal (found.Id, found.Key) (known.Id, key) "the same"
                        Expect.equal (found.DataAs<{| amount: int |}>()).amount 5 "data"

                        let! refused =
                            Expect.throwsTask<ArgumentException>(fun () ->
                                client.GetWorkflowByExternalIdAsync(key) :> Task)

                        Expect.stringContains refused.Message $"'{key}' cannot be used in a URL" "message"
                })

            testCaseTask "Variables can be an input, as with the in-process client" (fun () ->
                callOver (new AnsweredPath("/nowhere", problem HttpStatusCode.NotFound "{}")) (fun workflows stop ->
                    task {
                        let input = GopherFlow.Authoring.Variables.Parse """{"amount":5}"""
                        let! order = workflows.StartAsync("Order", "one", input, cancellation = stop)
                        let! snapshot = order.QueryAsync stop
                        Expect.equal snapshot.Data """{"amount":5,"createdBy":"admin"}""" "data"
                    }))

            for status in [ HttpStatusCode.NotFound; HttpStatusCode.ServiceUnavailable ] do
                testCaseTask
                    $"a {int status} response from a gateway is not mistaken for the server's own response"
                    (fun () ->
                        let path = "/api/workflowByExternalId/one"
                        let handler = new AnsweredPath(path, problem status """{"title":"a gateway"}""")

                        callOver handler (fun workflows stop ->
                            task {
                                let! refused =
                                    Expect.throwsTask<GopherFlowException>(fun () ->
                                        workflows.Handle("one").QueryAsync stop :> Task)

                                Expect.equal refused.Status status "status"
                                Expect.isNull refused.Problem "problem"
                            }))

            testCaseTask "ListenAsync reports committed changes" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let client = clientOf server
                    use ended = new CancellationTokenSource(TimeSpan.FromSeconds 60.)

                    let events =
                        client.ListenAsync(workflowType = "Order", cancellation = ended.Token).GetAsyncEnumerator()

                    let! listening = events.MoveNextAsync()
                    Expect.isTrue listening "listening"
                    Expect.isTrue (events.Current :? LiveEvent.Listening) $"{events.Current}"
                    let! gap = events.MoveNextAsync()
                    Expect.isTrue gap "the first stream of a process starts with a gap"
                    Expect.isTrue (events.Current :? LiveEvent.Gap) $"{events.Current}"
                    let! created = client.CreateWorkflowAsync(order "one")
                    let! more = events.MoveNextAsync()
                    Expect.isTrue more "more"

                    match events.Current with
                    | :? LiveEvent.WorkflowChanged as change -> Expect.equal change.Workflow.Id created.Id "id"
                    | other -> failtest $"{other}"

                    do! ended.CancelAsync()
                })

            testCaseTask "EndAsync completes although the stream has gone silent" (fun () ->
                waitOverDeadStream goesSilent)

            testCaseTask "EndAsync completes although the stream request is never answered" (fun () ->
                waitOverDeadStream neverAnswers)

            testCaseTask "a workflow client starts, queries, waits, cancels and reads a history" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let workflows = HttpWorkflowClient(clientOf server) :> IWorkflowClient
                    use stop = new CancellationTokenSource(TimeSpan.FromSeconds 60.)

                    let! started =
                        workflows.StartAsync("Order", "one", {| amount = 5 |}, cancellation = stop.Token)

                    let! again =
                        workflows.StartAsync("Order", "one", {| amount = 5 |}, cancellation = stop.Token)

                    let! first = started.QueryAsync stop.Token
                    let! second = again.QueryAsync stop.Token
                    Expect.equal second.Id first.Id "the same key"
                    Expect.equal (first.DataAs<{| amount: int |}>()).amount 5 "data"
                    let ended = started.EndAsync stop.Token
                    do! workflows.Handle("one").CancelAsync(cancellation = stop.Token)
                    let! ended = ended
                    Expect.equal ended.Status GopherFlow.Authoring.WorkflowStatus.Cancelled "status"
                    let lines = ResizeArray()
                    let history = started.HistoryAsync(follow = true, cancellation = stop.Token)
                    let entries = history.GetAsyncEnumerator stop.Token
                    let mutable more = true

                    while more do
                        let! next = entries.MoveNextAsync()
                        more <- next

                        if more then
                            lines.AddRange entries.Current.Lines

                    Expect.equal lines[0] "Created by admin" "first line"
                    Expect.stringContains lines[lines.Count - 1] "ancelled" "last line"

                    let! late =
                        Expect.throwsTask<WorkflowCallException>(fun () ->
                            started.CancelAsync(cancellation = stop.Token))

                    Expect.equal late.Failure CallFailure.Conflict "late"

                    let! nobody =
                        Expect.throwsTask<WorkflowCallException>(fun () ->
                            workflows.Handle("nobody").SignalAsync("paid", cancellation = stop.Token))

                    Expect.equal nobody.Failure CallFailure.NotFound "nobody"

                    let! unknown =
                        Expect.throwsTask<WorkflowCallException>(fun () ->
                            workflows.StartAsync("Nonsense", "two", cancellation = stop.Token))

                    Expect.equal unknown.Failure CallFailure.Rejected "unknown type"
                    Expect.stringContains unknown.Message "workflowType" "names the field"
                })
        ]
