open GopherFlow.Authoring
open GopherFlow.FSharp

let work (_: Step) : NextState = giveUp "no such customer"

let workflow =
    workflow "NotRetryable" {
        retry (linear 5 (seconds 1) (seconds 1))
        start "Work" work [ "Done" ]
        finish "Done"
    }
