open GopherFlow.FSharp

let work (_: Step) = goto "Done"

let workflow =
    workflow "QuickChild" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
