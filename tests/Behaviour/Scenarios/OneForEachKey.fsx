open GopherFlow.Behaviour
open GopherFlow.FSharp

let beginning (step: Step) =
    goto "Charge" |> limitKey step.Vars["customer"]

let charge (step: Step) =
    task {
        let! _ = step.Service<Gates>().PassAsync step.Vars["gate"]
        return goto "Done"
    }

let workflow =
    workflow "OneForEachKey" {
        start "Begin" beginning [ "Charge" ]
        state "Charge" charge [ "Done" ] [ limitedTo (atOnce 1 |> forEachKey) ]
        finish "Done"
    }
