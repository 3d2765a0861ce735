open GopherFlow.Behaviour
open GopherFlow.FSharp

let work (step: Step) =
    task {
        let! target = step.Service<Gates>().PassAsync step.BusinessKey
        return goto target |> wakeParent
    }

let workflow =
    workflow "GatedChild" {
        start "Work" work [ "Bad"; "Done" ]
        error "Bad"
        finish "Done"
    }
