open GopherFlow.FSharp

let work (_: Step) =
    goto "Done" |> spawn (child "QuickChild" "k" |> withExternalId "taken")

let workflow =
    workflow "TakenChildId" {
        retry noRetry
        start "Work" work [ "Done" ]
        finish "Done"
    }
