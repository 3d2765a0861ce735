open GopherFlow.Behaviour
open GopherFlow.FSharp

let book (step: Step) =
    step.Vars["x"] <- "1"

    step.OnCommit(fun connection transaction ->
        task {
            do! Bookings.AddAsync(connection, transaction, "never")
            invalidOp "the table is full"
        })

    goto "Done" |> log "never"

let workflow =
    workflow "OnCommitFails" {
        retry noRetry
        start "Work" book [ "Done" ]
        finish "Done"
    }
