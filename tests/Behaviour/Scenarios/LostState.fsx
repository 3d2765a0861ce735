open GopherFlow.FSharp

let work (_: Step) = goto "Done"

let workflow =
    workflow "LostState" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
