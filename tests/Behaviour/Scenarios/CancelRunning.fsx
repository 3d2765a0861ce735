open GopherFlow.Behaviour
open GopherFlow.FSharp

let work (step: Step) =
    task {
        step.Vars["x"] <- "1"
        let! _ = step.Service<Gates>().PassUnlessStoppedAsync("never", step.Cancellation)
        return goto "Done"
    }

let workflow =
    workflow "CancelRunning" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
