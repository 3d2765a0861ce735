open GopherFlow.FSharp

let work (step: Step) =
    step.Vars["x"] <- "1"
    goto step.Vars["target"]

let workflow =
    workflow "UndeclaredTransition" {
        start "Work" work [ "Work"; "Ask" ]
        manual "Ask" [ "Done" ]
        finish "Done"
    }
