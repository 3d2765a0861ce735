open GopherFlow.FSharp

let read (step: Step) = goto "Done" |> log step.Vars["b"]

let workflow =
    workflow "UnchangedVariables" {
        start "Read" read [ "Done" ]
        finish "Done"
    }
