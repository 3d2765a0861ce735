namespace GopherFlow.Server

open System
open GopherFlow.Contract
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage

/// Signals: `list` those that are kept for a workflow, `get` one of them, `send` one to a workflow, `sendTo` the workflows that the request
/// selects.
module internal Signals =

    /// GET /api/workflows/{id}/signals.
    let list (services: Services) (workflow: WorkflowRecord, page: Page) : Handler =
        fun http ->
            task {
                let search =
                    SignalSearch(
                        workflow.Id,
                        Limit = page.Limit,
                        AfterId = defaultArg page.After 0L,
                        LargestValue = Responses.MostInLists
                    )

                let! found = services.Store.SignalsAsync(search, http.RequestAborted)
                return Content(Responses.signalPage page.Limit found)
            }

    let unknown (id: int64) =
        Problem.notFound "signalId" (string id) "the id of a signal that is kept for the workflow"

    /// GET /api/workflows/{id}/signals/{signalId}.
    let get (services: Services) (workflow: WorkflowRecord, id: int64) : Handler =
        fun http ->
            task {
                let search = SignalSearch(workflow.Id, Limit = 1, AfterId = id - 1L)
                let! found = services.Store.SignalsAsync(search, http.RequestAborted)

                return
                    match found |> Seq.tryFind (fun signal -> signal.Id = id) with
                    | Some signal -> Content(Responses.signal signal)
                    | None -> Refusal(unknown id)
            }

    let private answer (received: string) (result: SignalResult) =
        match result.Verdict with
        | OperationVerdict.Changed ->
            Content(
                {
                    WorkflowIds = List.ofSeq result.WorkflowIds
                }
                : SentSignal
            )
        | OperationVerdict.Conflict ->
            Refusal(
                Problem.conflict
                    "name"
                    (Some received)
                    "a workflow that has not ended and may keep one more signal (GFLOW_ENGINE_SIGNALS_LIMIT)"
            )
        | _ -> Refusal(Problem.notFound "externalId" received "a workflow to receive the signal")

    /// POST /api/workflows/{id}/signals.
    let send (services: Services) (caller: Caller) (workflow: WorkflowRecord, request: SignalRequest) : Handler =
        fun http ->
            task {
                let signal =
                    SendSignal(
                        WorkflowId = Nullable workflow.Id,
                        Name = request.Name,
                        Key = Option.toObj request.Key,
                        Payload = defaultArg request.Payload "null",
                        Actor = caller.Username
                    )

                let! result = services.Signals.SendAsync(signal, http.RequestAborted)
                return answer (Excerpt.ofText request.Name) result
            }

    /// A single receiver is the target of the audit entry; several are listed in the entry.
    let private noteSent http (name: string) (result: SignalResult) =
        let ids = List.ofSeq result.WorkflowIds

        Audit.note http {
            Audit.nothing with
                Target =
                    match ids with
                    | [ id ] -> Some { Kind = "workflow"; Id = string id }
                    | _ -> None
                After = Some {| name = name; workflowIds = ids |}
        }

    /// POST /api/signals.
    let sendTo (services: Services) (caller: Caller) (request: AddressedSignalRequest) : Handler =
        fun http ->
            task {
                let orCreate =
                    request.OrCreate
                    |> Option.map (fun create ->
                        Workflows.creation services caller None (defaultArg create.ExternalId "") create)

                let signal =
                    SendSignal(
                        Name = request.Signal.Name,
                        Key = Option.toObj request.Signal.Key,
                        Payload = defaultArg request.Signal.Payload "null",
                        Actor = caller.Username,
                        ExternalId = Option.toObj request.ExternalId,
                        BusinessKey = Option.toObj request.BusinessKey,
                        WorkflowType = Option.toObj request.WorkflowType,
                        OrCreate = Option.toObj orCreate
                    )

                let! result = services.Signals.SendAsync(signal, http.RequestAborted)

                if result.Verdict = OperationVerdict.Changed then
                    noteSent http request.Signal.Name result

                let received =
                    request.ExternalId
                    |> Option.orElse request.BusinessKey
                    |> Option.defaultValue ""

                return answer (Excerpt.ofText received) result
            }
