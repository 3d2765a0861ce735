open GopherFlow.Behaviour
open GopherFlow.FSharp

let first (step: Step) =
    task {
        let! _ = step.Service<Gates>().PassAsync "first"
        step.Vars["first"] <- "done"
        return goto "Second"
    }

let second (step: Step) =
    step.Service<Notebook>().Write "must not run"
    goto "Done"

let workflow =
    workflow "FinishedBeforeStop" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
