namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Rules
open GopherFlow.Storage

/// What happened to a workflow: `actions` in the Go system's form, `page`, `path`, `variablesAt`.
module internal Histories =

    let private unknown (id: int64) =
        Problem.notFound "id" (string id) "the id of a workflow"

    /// GET /api/actions/byWorkflowId/{id}. A workflow has at least the entry of its creation, so only an empty page is doubtful.
    let actions (services: Services) (id: int64, page: Page) : Handler =
        fun http ->
            task {
                let search = ActionSearch(id, page.Limit, Option.toNullable page.After)
                let! found = services.Store.ActionsAsync(search, http.RequestAborted)

                if found.Count > 0 then
                    return Content(found |> Seq.collect HistoryResponses.actions |> List.ofSeq)
                else
                    match! services.Store.FindAsync(id, http.RequestAborted) with
                    | null -> return Refusal(unknown id)
                    | _ -> return Content(List.empty<Action>)
            }

    /// GET /api/workflows/{id}/history: the newest first, or the oldest first.
    let page (services: Services) (workflow: WorkflowRecord, oldestFirst: bool, page: Page) : Handler =
        fun http ->
            task {
                let search =
                    if oldestFirst then
                        ActionSearch(workflow.Id, page.Limit, AfterId = defaultArg page.After 0L)
                    else
                        ActionSearch(workflow.Id, page.Limit, Option.toNullable page.After)

                let! found = services.Store.ActionsAsync(search, http.RequestAborted)
                let entries = found |> Seq.map HistoryResponses.entry |> List.ofSeq

                let answer: HistoryPage = {
                    Entries = entries
                    Next = Page.next page.Limit entries _.Id
                }

                return Content answer
            }

    /// GET /api/workflows/{id}/path.
    let path (services: Services) (workflow: WorkflowRecord) : Handler =
        fun http ->
            task {
                match! services.Trace.PictureAsync(workflow.Id, http.RequestAborted) with
                | null -> return Refusal(unknown workflow.Id)
                | picture -> return Content(HistoryResponses.path picture)
            }

    /// GET /api/workflows/{id}/variables: after an entry of the history, which the query names by its id.
    let variablesAt (services: Services) (workflow: WorkflowRecord, position: int64) : Handler =
        fun http ->
            task {
                let! variables =
                    services.Trace.VariablesAtAsync(workflow.Id, position, http.RequestAborted)

                return Content(HistoryResponses.variablesAt variables)
            }
