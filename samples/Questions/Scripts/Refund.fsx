// Records and a union as data: they are stored as readable JSON, which the console shows.
open GopherFlow.FSharp

type Claim = { Customer: string; Amount: decimal }

type Decision = { Accepted: bool; By: string }

type Verdict =
    | Grant
    | Ask of reason: string

let judge (claim: Claim) =
    if claim.Amount <= 100m then Grant else Ask "more than 100"

let decide (step: Step) =
    let claim = {
        Customer = step.Vars["customer"]
        Amount = step.Vars.Get "amount"
    }

    let verdict = judge claim
    step.Vars.Set("verdict", verdict)

    match verdict with
    | Grant -> goto "Refunded"
    | Ask reason -> waitFor [ "decision" ] "Conclude" |> orAfter (days 7) "Conclude" |> log reason

let conclude (step: Step) =
    match step.Signal |> Option.map _.Get<Decision>() with
    | Some decision when decision.Accepted -> goto "Refunded" |> returning decision.By
    | Some decision -> goto "Refused" |> returning decision.By
    | None -> goto "Refused" |> returning "nobody"

let workflow =
    workflow "Refund" {
        description "Refunds a small amount at once, and asks a person to decide about a large one"
        input typeof<Claim>
        start "Decide" decide
        state "Conclude" conclude
        finish "Refunded"
        error "Refused"
    }
