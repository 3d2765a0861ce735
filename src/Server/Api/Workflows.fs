namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// One workflow and many: `create`, `get`, `getByExternalId`, `search`, `move`, `setVariable`, `actions`.
module Workflows =

    [<Literal>]
    let private CreatedByVariable = "createdBy"

    /// What the kernel is asked for; the caller's name goes into the variables, as in the Go system.
    let creation (services: Services) (caller: Caller) (request: CreateRequest) =
        let variables =
            request.StateVars |> Option.map Variables.Parse |> Option.defaultWith Variables

        variables[CreatedByVariable] <- caller.Username

        CreateWorkflow(
            ExternalId = request.ExternalId,
            ExecutorGroup = request.ExecutorGroup,
            WorkflowType = request.WorkflowType,
            BusinessKey = request.BusinessKey,
            Priority = defaultArg request.Priority WorkflowPriority.Default,
            StateVars = variables,
            NextActivation =
                (match request.Activation with
                 | Now -> Nullable()
                 | At instant -> Nullable instant
                 | After offset -> Nullable(services.Clock.GetUtcNow() + offset)),
            CreatedBy = caller.Username
        )

    /// POST /api/workflows.
    let create (services: Services) (caller: Caller) (request: CreateRequest) : Handler =
        fun http ->
            task {
                let! outcome =
                    services.Operations.CreateAsync(creation services caller request, http.RequestAborted)

                return Content({ Id = outcome.Id }: CreatedAnswer)
            }

    /// A workflow as it is sent now.
    let answer (services: Services) (workflow: WorkflowRecord) =
        Content(Responses.workflow (Services.canRun services) (services.Clock.GetUtcNow()) workflow)

    /// GET /api/workflows/{id}.
    let get (services: Services) (id: int64) : Handler =
        fun http ->
            task {
                match! services.Store.FindAsync(id, http.RequestAborted) with
                | null -> return Refusal(Problem.notFound "id" (string id) "the id of a workflow")
                | workflow -> return answer services workflow
            }

    /// GET /api/workflowByExternalId/{externalId}.
    let getByExternalId (services: Services) (externalId: string) : Handler =
        fun http ->
            task {
                match! services.Store.FindByExternalIdAsync(externalId, http.RequestAborted) with
                | null -> return Refusal(Problem.notFound "externalId" externalId "the external id of a workflow")
                | workflow -> return answer services workflow
            }

    /// POST /api/workflows/search.
    let search (services: Services) (search: WorkflowSearch) : Handler =
        fun http ->
            task {
                let! found = services.Store.SearchAsync(search, http.RequestAborted)
                let now = services.Clock.GetUtcNow()
                return Content(Responses.page (Services.canRun services) now search found)
            }

    let private findByNumber (services: Services) (text: string) (cancellation: CancellationToken) =
        task {
            match Body.parseId text with
            | Some id ->
                let! found = services.Store.FindAsync(id, cancellation)
                return Option.ofObj found
            | None -> return None
        }

    /// Passes on the workflow whose id stands in the path, or, if there is no such id, whose external id it is.
    let named (services: Services) (idOrExternalId: string) (handle: WorkflowRecord -> Handler) : Handler =
        fun http ->
            task {
                match! findByNumber services idOrExternalId http.RequestAborted with
                | Some workflow -> return! handle workflow http
                | None ->
                    match! services.Store.FindByExternalIdAsync(idOrExternalId, http.RequestAborted) with
                    | null -> return Refusal(Problem.notFound "id" idOrExternalId "the id or external id of a workflow")
                    | workflow -> return! handle workflow http
            }

    /// The answer to a change by hand.
    let changed (workflow: WorkflowRecord) (fromStates: string list) (whenChanged: unit -> Answer) result =
        match (result: OperationResult).Verdict with
        | OperationVerdict.Changed -> whenChanged ()
        | OperationVerdict.Conflict ->
            let current = Option.ofObj result.CurrentState |> Option.defaultValue workflow.State
            let expected = $"""the current state, {current}, among them"""

            Refusal(Problem.conflict "fromStates" (Some(String.Join(", ", fromStates))) expected)
        | _ -> Refusal(Problem.notFound "id" (string workflow.Id) "the id of a workflow")

    let private isDone () = Content({ Ok = true }: DoneAnswer)

    /// POST /api/workflows/{id}/state.
    let move (services: Services) (caller: Caller) (workflow: WorkflowRecord) (request: StateRequest) : Handler =
        fun http ->
            task {
                let change =
                    MoveWorkflow(
                        WorkflowId = workflow.Id,
                        State = request.State,
                        NextActivation = Option.toNullable request.NextActivation,
                        Actor = caller.Username
                    )

                let! result = services.Interventions.MoveAsync(change, http.RequestAborted)
                return changed workflow [] isDone result
            }

    /// POST /api/workflows/{id}/statevars.
    let setVariable
        (services: Services)
        (caller: Caller)
        (workflow: WorkflowRecord)
        (variable: VariableChange)
        : Handler =
        fun http ->
            task {
                let! result =
                    services.Interventions.ChangeVariablesAsync(
                        workflow.Id,
                        [ variable ],
                        caller.Username,
                        http.RequestAborted
                    )

                return changed workflow [] isDone result
            }

    /// GET /api/actions/byWorkflowId/{id}. A workflow has at least the entry of its creation, so only an empty page is doubtful.
    let actions (services: Services) (id: int64) (limit: int, beforeId: int64 option) : Handler =
        fun http ->
            task {
                let search = ActionSearch(id, limit, Option.toNullable beforeId)
                let! found = services.Store.ActionsAsync(search, http.RequestAborted)

                if found.Count > 0 then
                    return Content(found |> Seq.collect Responses.actions |> List.ofSeq)
                else
                    match! services.Store.FindAsync(id, http.RequestAborted) with
                    | null -> return Refusal(Problem.notFound "id" (string id) "the id of a workflow")
                    | _ -> return Content(List.empty<ActionAnswer>)
            }
