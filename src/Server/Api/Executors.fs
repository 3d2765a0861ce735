namespace GopherFlow.Server

/// Who runs workflows: `list`.
module Executors =

    [<Literal>]
    let private Most = 100

    /// GET /api/executors: the one last active first.
    let list (services: Services) : Handler =
        fun http ->
            task {
                let! found = services.Store.ExecutorsAsync(Most, http.RequestAborted)
                let now = services.Clock.GetUtcNow()
                return Content(found |> Seq.map (Responses.executor now) |> List.ofSeq)
            }
