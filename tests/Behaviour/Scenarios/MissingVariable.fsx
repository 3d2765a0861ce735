open GopherFlow.FSharp

let check (step: Step) =
    if step.Vars.Get<decimal> "paid" >= step.Vars.Get<decimal> "price" then
        goto "Ship"
    else
        goto "Wait"

let workflow =
    workflow "MissingVariable" {
        start "Check" check [ "Ship"; "Wait" ]
        finish "Ship"
        finish "Wait"
    }
