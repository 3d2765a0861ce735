open GopherFlow.FSharp

let first (step: Step) =
    step.Vars["first"] <- "ran"
    goto "Second" |> log "on we go"

let second (step: Step) =
    step.Vars["second"] <- $"""after {step.Vars["first"]}"""
    goto "Done"

let workflow =
    workflow "GoingOn" {
        description "From state to state"
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
