namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.Contract
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// Creating and finding workflows: `create`, `get`, `getByExternalId`, `listed`, `search`, `children`, `counts`.
module internal Workflows =

    [<Literal>]
    let private CreatedByVariable = "createdBy"

    /// The header that can be used in place of the external id.
    [<Literal>]
    let IdempotencyKey = "Idempotency-Key"

    /// The action of a create in the audit log.
    [<Literal>]
    let CreateAction = "workflow.create"

    /// The action of a create-and-wait in the audit log.
    [<Literal>]
    let CreateAndWaitAction = "workflow.createAndWait"

    /// The request to the kernel. The caller's name is stored in a variable, as in the Go system.
    let creation
        (services: Services)
        (caller: Caller)
        (audit: AuditEntry option)
        (externalId: string)
        (request: CreateRequest)
        =
        let variables =
            request.StateVars |> Option.map Variables.Parse |> Option.defaultWith Variables

        variables[CreatedByVariable] <- caller.Username

        CreateWorkflow(
            ExternalId = externalId,
            ExecutorGroup = request.ExecutorGroup,
            WorkflowType = request.WorkflowType,
            BusinessKey = request.BusinessKey,
            Priority = defaultArg request.Priority WorkflowPriority.Default,
            LimitKey = Option.toObj request.LimitKey,
            StateVars = variables,
            NextActivation =
                (match request.Activation with
                 | Now -> Nullable()
                 | At instant -> Nullable instant
                 | After offset -> Nullable(services.Clock.GetUtcNow() + offset)),
            CreatedBy = caller.Username,
            Audit = Option.toObj audit
        )

    /// The differences between an existing workflow and the request. Fields that may have changed since its creation are not compared.
    let private differences (request: CreateRequest) (existing: WorkflowRecord) =
        [
            "workflowType", request.WorkflowType, existing.WorkflowType
            "businessKey", request.BusinessKey, existing.BusinessKey
        ]
        |> List.tryFind (fun (_, asked, there) -> asked <> there)

    /// Why an existing workflow does not match the request; None if it does.
    let conflictWith (existing: WorkflowRecord) (request: CreateRequest) =
        differences request existing
        |> Option.map (fun (field, asked, there) ->
            let expected =
                $"'{Excerpt.ofText there}', as in workflow {existing.Id}, which has this external id"

            Problem.conflict field (Some(Excerpt.ofText asked)) expected)

    /// The body, and the header that can replace a missing external id.
    let createInput =
        let key = Inputs.header IdempotencyKey "a text of at most 500 characters"

        Inputs.input {
            let! key = key

            and! request =
                Inputs.bodyFor Requests.createWithKey.Schema (fun http ->
                    if http.Request.Headers.ContainsKey IdempotencyKey then
                        Requests.createWithKey
                    else
                        Requests.create)

            return request, request.ExternalId |> Option.orElse key |> Option.defaultValue ""
        }

    /// Creates a workflow and its entry in the audit log in one transaction.
    let createWithEntry
        (services: Services)
        (caller: Caller)
        (action: string)
        (externalId: string)
        (request: CreateRequest)
        (http: HttpContext)
        =
        task {
            let audit = Audit.entryOfChange http caller action
            let creation = creation services caller (Some audit) externalId request
            let! outcome = services.Operations.CreateAsync(creation, http.RequestAborted)

            if outcome.Existed then
                Audit.unchanged http

                Audit.aim http {
                    Kind = "workflow"
                    Id = string outcome.Id
                }
            else
                Audit.entered http

            return outcome
        }

    /// POST /api/workflows.
    let create (services: Services) (caller: Caller) (request: CreateRequest, externalId: string) : Handler =
        fun http ->
            task {
                let! outcome = createWithEntry services caller CreateAction externalId request http

                let! warnings =
                    services.Groups.WarningsAsync(request.ExecutorGroup, http.RequestAborted)

                let answer: CreatedWorkflow = {
                    Id = outcome.Id
                    Existed = outcome.Existed
                    Warnings = warnings
                }

                if outcome.Existed then
                    match! services.Store.FindAsync(outcome.Id, http.RequestAborted) with
                    | null -> return Content answer
                    | existing ->
                        return
                            conflictWith existing request
                            |> Option.map Refusal
                            |> Option.defaultValue (Content answer)
                else
                    return Created($"/api/workflows/{outcome.Id}", answer)
            }

    /// The response for one workflow.
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
                | null ->
                    return
                        Refusal(
                            Problem.notFound "externalId" (Excerpt.ofText externalId) "the external id of a workflow"
                        )
                | workflow -> return answer services workflow
            }

    /// The existing workflows with these ids, for a list: variables that are too large for lists are not read.
    let listed (store: IWorkflowStore) (ids: int64 seq) (cancellation: CancellationToken) =
        task {
            let found = ResizeArray<WorkflowRecord>()

            for id in ids do
                let search =
                    WorkflowSearch(Id = Nullable id, Limit = 1, LargestValue = Responses.MostInLists)

                let! page = store.SearchAsync(search, cancellation)
                found.AddRange page.Workflows

            return found
        }

    let private totalOf (services: Services) (search: WorkflowSearch) (http: HttpContext) =
        task {
            if WorkflowTotal.IsCounted search then
                let! counts = services.Store.CountsAsync http.RequestAborted
                return Option.ofNullable (WorkflowTotal.Of(search, counts))
            else
                return None
        }

    /// POST /api/workflows/search.
    let search (services: Services) (request: SearchRequest) : Handler =
        fun http ->
            task {
                let now = services.Clock.GetUtcNow()

                let search =
                    WorkflowSearch(
                        Id = Option.toNullable request.Id,
                        ExternalId = Option.toObj request.ExternalId,
                        BusinessKey = Option.toObj request.BusinessKey,
                        Filter = request.Filter,
                        Now = Nullable now,
                        Limit = request.Limit,
                        Offset = request.Offset,
                        BeforeId = Option.toNullable request.Cursor,
                        WithVariables = request.WithVariables,
                        LargestValue = Responses.MostInLists
                    )

                let! found = services.Store.SearchAsync(search, http.RequestAborted)
                let! total = totalOf services search http
                return Content(Responses.page (Services.canRun services) now request.Offset total found)
            }

    /// GET /api/workflows/{id}/children: oldest first.
    let children (services: Services) (workflow: WorkflowRecord, page: Page) : Handler =
        fun http ->
            task {
                let search =
                    ChildSearch(
                        workflow.Id,
                        Limit = page.Limit,
                        AfterId = defaultArg page.After 0L,
                        WithVariables = false,
                        LargestValue = Responses.MostInLists
                    )

                let! found = services.Store.ChildrenAsync(search, http.RequestAborted)

                let children =
                    Responses.list (Services.canRun services) (services.Clock.GetUtcNow()) found
                    |> List.map (fun child -> { child with StateVarsOmitted = true })

                let page: WorkflowPage = {
                    Results = children.Length
                    Workflows = children
                    Offset = 0
                    Next = Page.next page.Limit children _.Id
                    Partial = false
                    Total = None
                }

                return Content page
            }

    /// GET /api/counts.
    let counts (services: Services) () : Handler =
        fun http ->
            task {
                let! counts = services.Store.CountsAsync http.RequestAborted
                return Content(counts |> Seq.map Responses.count |> List.ofSeq)
            }
