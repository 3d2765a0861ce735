open GopherFlow.FSharp

let write (step: Step) =
    step.Vars["large"] <- String.replicate 1_000_000 "x"
    goto "Read"

let read (step: Step) =
    step.Vars.Set("length", step.Vars["large"].Length)
    goto "Done"

let workflow =
    workflow "LargeVariable" {
        start "Write" write [ "Read" ]
        state "Read" read [ "Done" ]
        finish "Done"
    }
