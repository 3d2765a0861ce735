open GopherFlow.Authoring
open GopherFlow.FSharp

let first (step: Step) =
    if step.Attempt = 1 then
        invalidOp "once"

    goto "Second"

let second (_: Step) : NextState = invalidOp "for good"

let workflow =
    workflow "OwnPolicy" {
        retry noRetry
        start "First" first [ "Second" ] [ retrying (linear 1 (seconds 5) (seconds 5)) ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
