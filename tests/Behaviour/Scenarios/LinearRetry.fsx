open GopherFlow.Authoring
open GopherFlow.FSharp

let fail (step: Step) : NextState = invalidOp $"run {step.Attempt}"

let workflow =
    workflow "LinearRetry" {
        retry (linear 2 (seconds 10) (seconds 30))
        start "Work" fail [ "Done" ]
        finish "Done"
    }
