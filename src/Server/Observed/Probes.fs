namespace GopherFlow.Server

open System.Threading.Tasks
open GopherFlow.Execution
open Microsoft.AspNetCore.Http

/// Answers whether the process lives (`live`) and can work (`ready`), without sign-in. No probe asks the database.
module internal Probes =

    let private ok (http: HttpContext) =
        task {
            http.Response.ContentType <- "text/plain; charset=utf-8"
            http.Response.Headers.CacheControl <- "no-store"
            do! http.Response.WriteAsync "ok"
            return Written
        }

    /// The process listens.
    let live: Handler = ok

    /// The executor can do its work; else 503 with what is wrong, and with the checks that say so.
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
