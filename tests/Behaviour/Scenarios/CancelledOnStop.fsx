open GopherFlow.Behaviour
open GopherFlow.FSharp

let work (step: Step) =
    async {
        step.Vars["x"] <- "1"

        let! _ =
            step.Service<Gates>().PassAsync("never").WaitAsync step.Cancellation
            |> Async.AwaitTask

        return goto "Done"
    }

let workflow =
    workflow "CancelledOnStop" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
