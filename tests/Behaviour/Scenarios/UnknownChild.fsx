open GopherFlow.FSharp

let work (step: Step) =
    step.Vars["x"] <- "1"

    goto "Done" |> spawn (child "QuickChild" "good") |> spawn (child "Nobody" "bad")

let workflow =
    workflow "UnknownChild" {
        retry noRetry
        start "Work" work [ "Done" ]
        finish "Done"
    }
