open GopherFlow.FSharp

let work (_: Step) = goto "Done" |> after (hours 1.5)

let workflow =
    workflow "FinalStateWaits" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
