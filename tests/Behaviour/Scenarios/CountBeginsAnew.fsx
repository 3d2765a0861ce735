open GopherFlow.FSharp

let failOnce next (step: Step) =
    if step.Attempt = 1 then
        invalidOp "once"

    goto next

let workflow =
    workflow "CountBeginsAnew" {
        retry (linear 1 (seconds 0) (seconds 0))
        start "First" (failOnce "Second") [ "Second" ]
        state "Second" (failOnce "Done") [ "Done" ]
        finish "Done"
    }
