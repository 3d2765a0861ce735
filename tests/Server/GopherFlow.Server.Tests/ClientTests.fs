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
        ]
