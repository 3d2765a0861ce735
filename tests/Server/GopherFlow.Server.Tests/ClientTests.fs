namespace GopherFlow.Server.Tests

open System
open System.Net
open System.Threading
open Expecto
open GopherFlow.Client
open GopherFlow.TestSupport

/// The C# client that is made from the description, over HTTP.
module ClientTests =
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
            testCaseTask "the seven requests of the Go system's documents" (fun () ->
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

            testCaseTask "a refusal is an exception that has the faults" (fun () ->
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

            testCaseTask "a job with its operation, and a patch of a workflow that is not there" (fun () ->
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

            testCaseTask "listening tells what is committed" (fun () ->
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
                    Expect.isTrue gap "the first stream of a process is told of a gap"
                    Expect.isTrue (events.Current :? LiveEvent.Gap) $"{events.Current}"
                    let! created = client.CreateWorkflowAsync(order "one")
                    let! more = events.MoveNextAsync()
                    Expect.isTrue more "more"

                    match events.Current with
                    | :? LiveEvent.WorkflowChanged as change -> Expect.equal change.Workflow.Id created.Id "id"
                    | other -> failtest $"{other}"

                    do! ended.CancelAsync()
                })

            testCaseTask "a workflow client starts, asks, waits, cancels and reads a history" (fun () ->
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
