namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Operations.Imports

/// Imports workflows that were started in another system: `import`.
module internal Imports =

    let private outcomeOf (verdict: ImportVerdict) =
        match verdict with
        | ImportVerdict.Created -> "CREATED"
        | ImportVerdict.Existed -> "EXISTED"
        | _ -> "REFUSED"

    let private created (outcomes: ImportOutcome seq) =
        outcomes
        |> Seq.filter (fun outcome -> outcome.Verdict = ImportVerdict.Created)
        |> Seq.length

    /// POST /api/workflows/import.
    let import (services: Services) (caller: Caller) (request: ImportRequest) : Handler =
        fun http ->
            task {
                let! outcomes =
                    services.Imports.ImportAsync(
                        Array.ofList request.Workflows,
                        caller.Username,
                        request.DryRun,
                        http.RequestAborted
                    )

                match created outcomes with
                | count when request.DryRun || count = 0 -> Audit.unchanged http
                | count ->
                    Audit.note http {
                        Audit.nothing with
                            After = Some {| workflows = count |}
                    }

                let answer: ImportedWorkflows = {
                    DryRun = request.DryRun
                    Workflows = [
                        for outcome in outcomes ->
                            {
                                ExternalId = outcome.ExternalId
                                Outcome = outcomeOf outcome.Verdict
                                Reason = Option.ofObj outcome.Reason
                            }
                    ]
                }

                return Content answer
            }
