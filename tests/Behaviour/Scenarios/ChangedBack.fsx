open GopherFlow.FSharp

let set value next (step: Step) =
    step.Vars["x"] <- value
    goto next

let workflow =
    workflow "ChangedBack" {
        start "First" (set "changed" "Second") [ "Second" ]
        state "Second" (set "original" "Done") [ "Done" ]
        finish "Done"
    }
