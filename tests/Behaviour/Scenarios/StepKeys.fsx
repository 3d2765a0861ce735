open GopherFlow.Behaviour
open GopherFlow.FSharp

let note next (step: Step) =
    step.Service<Notebook>().Write $"{step.Key} {step.Attempt}"

    if step.Attempt = 1 then
        invalidOp "once"

    goto next

let workflow =
    workflow "StepKeys" {
        retry (linear 1 (seconds 0) (seconds 0))
        start "First" (note "Second") [ "Second" ]
        state "Second" (note "Done") [ "Done" ]
        finish "Done"
    }
