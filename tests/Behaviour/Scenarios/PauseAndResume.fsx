open GopherFlow.Behaviour
open GopherFlow.FSharp

let first (step: Step) =
    task {
        let! _ = step.Service<Gates>().PassAsync "first"
        step.Vars["first"] <- "ran"
        return goto "Second"
    }

let second (_: Step) = goto "Done"

let workflow =
    workflow "PauseAndResume" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
