open GopherFlow.Behaviour
open GopherFlow.FSharp

let book (step: Step) =
    step.OnCommit(fun connection transaction -> Bookings.AddAsync(connection, transaction, step.Key))
    step.OnCommit(fun connection transaction -> Bookings.AddAsync(connection, transaction, "second"))

    if step.Attempt = 1 then
        invalidOp "after asking"

    goto "Done"

let workflow =
    workflow "OnCommitOnce" {
        retry (linear 1 (seconds 0) (seconds 0))
        start "Work" book [ "Done" ]
        finish "Done"
    }
