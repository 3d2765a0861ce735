namespace GopherFlow.Server

open System.Threading.Tasks
open GopherFlow.Execution
open Microsoft.AspNetCore.Http

/// Liveness (`live`) and readiness (`ready`), without sign-in. No health check queries the database.
module internal Probes =

    let private ok (http: HttpContext) =
        task {
            http.Response.ContentType <- "text/plain; charset=utf-8"
            http.Response.Headers.CacheControl <- "no-store"
            do! http.Response.WriteAsync "ok"
            return Written
        }

    /// The process is listening.
    let live: Handler = ok

    /// Whether the executor can work; otherwise 503 with the reasons and the names of the failed checks.
    let ready (health: EngineHealth) : Handler =
        fun http ->
            match
                health.Checks
                |> Seq.filter (fun check -> not (isNull check.Trouble))
                |> List.ofSeq
            with
            | [] -> ok http
            | failing ->
                let reasons = failing |> List.choose (fun check -> Option.ofObj check.Trouble)
                let names = failing |> List.map _.Name
                let problem = Problem.notReady reasons

                Task.FromResult(
                    Refusal {
                        problem with
                            Facts = problem.Facts @ [ "checks", names ]
                    }
                )
