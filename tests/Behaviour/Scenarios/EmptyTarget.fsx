open GopherFlow.FSharp

let work (_: Step) = goto " "

let workflow =
    workflow "EmptyTarget" {
        retry noRetry
        start "Work" work [ "Done" ]
        finish "Done"
    }
