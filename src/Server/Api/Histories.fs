namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Rules
open GopherFlow.Storage

/// The history of a workflow: `actions` in the format of the Go system, `page`, `path`, `variablesAt`.
module internal Histories =

    let private unknown (id: int64) =
        Problem.notFound "id" (string id) "the id of a workflow"

    /// GET /api/actions/byWorkflowId/{id}. Every workflow has an entry for its creation, so only an empty page may mean that it does not
    /// exist.
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

    /// GET /api/workflows/{id}/history: newest first or oldest first.
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

    /// GET /api/workflows/{id}/variables: as of the history entry whose id is in the query.
    let variablesAt (services: Services) (workflow: WorkflowRecord, position: int64) : Handler =
        fun http ->
            task {
                let! variables =
                    services.Trace.VariablesAtAsync(workflow.Id, position, http.RequestAborted)

                return Content(HistoryResponses.variablesAt variables)
            }
