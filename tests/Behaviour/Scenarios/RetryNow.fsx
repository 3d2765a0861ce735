open GopherFlow.FSharp

let work (step: Step) =
    if step.Attempt = 1 then
        invalidOp "broken"

    step.Vars.Set("attempt", step.Attempt)
    goto "Done"

let workflow =
    workflow "RetryNow" {
        retry (linear 5 (hours 1) (hours 1))
        start "Work" work [ "Done" ]
        finish "Done"
    }
