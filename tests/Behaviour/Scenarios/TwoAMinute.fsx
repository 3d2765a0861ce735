open GopherFlow.FSharp

let work (_: Step) = goto "Done"

let workflow =
    workflow "TwoAMinute" {
        limit (perMinute 2)
        start "Work" work [ "Done" ]
        finish "Done"
    }
