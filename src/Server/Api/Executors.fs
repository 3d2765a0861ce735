namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Rules

/// Who runs workflows: `list`, `work`.
module internal Executors =

    [<Literal>]
    let private Most = 100

    /// GET /api/executors: the one last active first.
    let list (services: Services) () : Handler =
        fun http ->
            task {
                let! found = services.Store.ExecutorsAsync(Most, http.RequestAborted)
                let now = services.Clock.GetUtcNow()
                return Content(found |> Seq.map (Responses.executor now) |> List.ofSeq)
            }

    /// GET /api/executors/{id}/work: what it has claimed.
    let work (services: Services) (id: int64) : Handler =
        fun http ->
            task {
                let! claims = services.Store.OwnedAsync(id, http.RequestAborted)
                let found = ResizeArray<WorkflowRecord>()

                for claim in claims |> Seq.sortBy _.WorkflowId |> Seq.truncate Most do
                    let! workflow = services.Store.FindAsync(claim.WorkflowId, http.RequestAborted)
                    workflow |> Option.ofObj |> Option.iter found.Add

                let answer: ExecutorWork = {
                    Claimed = claims.Count
                    Workflows = Responses.list (Services.canRun services) (services.Clock.GetUtcNow()) found
                }

                return Content answer
            }
