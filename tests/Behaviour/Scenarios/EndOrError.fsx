open GopherFlow.FSharp

let work (step: Step) = goto step.Vars["target"]

let workflow =
    workflow "EndOrError" {
        start "Work" work [ "Done"; "Bad"; "Ask" ]
        manual "Ask"
        error "Bad"
        finish "Done"
    }
