namespace GopherFlow.Server

open GopherFlow.Contract

/// Executors: `list`, `work`.
module internal Executors =

    [<Literal>]
    let private Most = 100

    /// GET /api/executors: the most recently active first.
    let list (services: Services) () : Handler =
        fun http ->
            task {
                let! found = services.Store.ExecutorsAsync(Most, http.RequestAborted)
                let now = services.Clock.GetUtcNow()
                return Content(found |> Seq.map (Responses.executor now) |> List.ofSeq)
            }

    /// GET /api/executors/{id}/work: the workflows that it has claimed.
    let work (services: Services) (id: int64) : Handler =
        fun http ->
            task {
                let! claims = services.Store.OwnedAsync(id, http.RequestAborted)
                let ids = claims |> Seq.map _.WorkflowId |> Seq.sort |> Seq.truncate Most
                let! found = Workflows.listed services.Store ids http.RequestAborted

                let answer: ExecutorWork = {
                    Claimed = claims.Count
                    Workflows = Responses.list (Services.canRun services) (services.Clock.GetUtcNow()) found
                }

                return Content answer
            }
