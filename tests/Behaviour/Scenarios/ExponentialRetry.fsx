open System.Threading.Tasks
open GopherFlow.FSharp

let fail (step: Step) =
    task {
        do! Task.Yield()

        if step.Attempt < 5 then
            invalidOp "not yet"

        return goto "Done"
    }

let workflow =
    workflow "ExponentialRetry" {
        retry (exponential 4 (seconds 10) (seconds 60))
        start "Work" fail [ "Done" ]
        finish "Done"
    }
