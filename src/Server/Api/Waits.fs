namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// The routes that wait for a state. A wait ends with the commit, at its timeout, when the client disconnects, or when the server stops.
module internal Waits =

    let private limit (services: Services) (seconds: int) =
        TimeSpan.FromSeconds(float (max 1 seconds)) |> min services.Settings.MaxWait

    let private answer (services: Services) (workflowId: int64) (result: WaitResult) =
        match result.Workflow with
        | null -> Refusal(Problem.notFound "id" (string workflowId) "the id of a workflow")
        | workflow ->
            match result.Verdict with
            | WaitVerdict.TimedOut ->
                Refusal(Problem.waitTimedOut workflow.Id workflow.State (workflow.Status.ToName()))
            | WaitVerdict.Ended -> Refusal(Problem.waitEnded workflow.Id workflow.State (workflow.Status.ToName()))
            | _ -> Workflows.answer services workflow

    let private await (services: Services) (workflowId: int64) (wait: WaitRequest) (http: HttpContext) =
        task {
            use ended =
                CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, services.Stopping)

            let! result =
                services.Operations.WaitAsync(workflowId, wait.States, limit services wait.Seconds, ended.Token)

            return answer services workflowId result
        }

    let private unknownStates field (known: string list) (states: string list) =
        let expected = $"""one of the states {String.concat ", " known}"""

        states
        |> List.mapi (fun index state -> index, state)
        |> List.filter (fun (_, state) -> not (List.contains state known))
        |> List.map (fun (index, state) -> FaultyField.create $"{field}[{index}]" (Some(Excerpt.ofText state)) expected)

    let private conflict (services: Services) (outcome: CreateOutcome) (request: CreateRequest) (http: HttpContext) =
        task {
            if outcome.Existed then
                let! existing = services.Store.FindAsync(outcome.Id, http.RequestAborted)

                return
                    Option.ofObj existing
                    |> Option.bind (fun existing -> Workflows.conflictWith existing request)
            else
                return None
        }

    /// POST /api/createAndWait. If the external id is in use, it waits for the workflow that has it.
    let createAndWait (services: Services) (caller: Caller) (request: CreateAndWaitRequest) : Handler =
        let create (http: HttpContext) =
            task {
                let externalId = defaultArg request.Create.ExternalId ""

                let! outcome =
                    Workflows.createWithEntry
                        services
                        caller
                        Workflows.CreateAndWaitAction
                        externalId
                        request.Create
                        http

                match! conflict services outcome request.Create http with
                | Some problem -> return Refusal problem
                | None -> return! await services outcome.Id request.Wait http
            }

        Endpoint.rejectingAs (fun field -> $"createWorkflowRequest.{field}") (fun http ->
            task {
                let! known =
                    Definitions.statesOf services request.Create.WorkflowType http.RequestAborted

                match known with
                | Some known ->
                    match unknownStates "waitForStates" known request.Wait.States with
                    | [] -> return! create http
                    | faults -> return Refusal(Problem.invalidRequest faults)
                | None -> return! create http
            })

    let private move services (caller: Caller) (workflow: WorkflowRecord) (request: StateAndWaitRequest) : Handler =
        fun http ->
            task {
                let fromStates = List.distinct (request.FromStates @ request.Change.FromStates)

                let change =
                    MoveWorkflow(
                        WorkflowId = workflow.Id,
                        State = request.Change.State,
                        NextActivation = Option.toNullable request.Change.NextActivation,
                        FromStates = fromStates,
                        Force = request.Change.Force,
                        Variables = Option.toList request.Variable,
                        Actor = caller.Username
                    )

                let! result = services.Interventions.MoveAsync(change, http.RequestAborted)

                match result.Verdict with
                | OperationVerdict.Changed ->
                    Audit.note http Audit.nothing
                    return! await services workflow.Id request.Wait http
                | _ -> return WorkflowChanges.movedFrom workflow fromStates (fun () -> NoContent) result
            }

    /// Maps a field name of the kernel to its path in the body.
    let private pathInMove (field: string) =
        match field with
        | "key"
        | "value"
        | "expected" -> $"updateStateVarRequest.{field}"
        | _ -> $"updateWorkflowStateRequest.{field}"

    /// POST /api/workflows/{id}/stateAndWait.
    let stateAndWait services (caller: Caller) (workflow: WorkflowRecord, request: StateAndWaitRequest) : Handler =
        Endpoint.rejectingAs pathInMove (fun http ->
            task {
                let! known =
                    Definitions.statesOfVersion services workflow.WorkflowType workflow.Version http.RequestAborted

                let faults =
                    known
                    |> Option.map (fun known ->
                        unknownStates "fromStates" known request.FromStates
                        @ unknownStates "waitForStates" known request.Wait.States)
                    |> Option.defaultValue []

                match faults with
                | [] -> return! move services caller workflow request http
                | faults -> return Refusal(Problem.invalidRequest faults)
            })
