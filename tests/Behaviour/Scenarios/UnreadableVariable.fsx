open GopherFlow.FSharp

let read (step: Step) =
    goto "Done" |> log $"""{step.Vars.Get<int> "count"}"""

let workflow =
    workflow "UnreadableVariable" {
        start "Read" read [ "Done" ]
        finish "Done"
    }
