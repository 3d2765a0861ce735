open GopherFlow.FSharp

let work (step: Step) =
    step.Vars.Set($"attempt {step.Attempt}", true)

    if step.Attempt = 1 then
        invalidOp "not yet"

    goto "Done"

let workflow =
    workflow "DroppedVariables" {
        retry (linear 1 (seconds 10) (seconds 10))
        start "Work" work [ "Done" ]
        finish "Done"
    }
