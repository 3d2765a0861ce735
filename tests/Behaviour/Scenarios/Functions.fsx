open GopherFlow.Behaviour
open GopherFlow.FSharp

let plain (step: Step) =
    step.Vars["plain"] <- "at once"
    goto "InATask"

let inATask (step: Step) =
    task {
        let! answer = step.Service<Gates>().PassAsync "task"
        step.Vars["task"] <- answer
        return goto "InAnAsync"
    }

let inAnAsync (step: Step) =
    async {
        let! answer = step.Service<Gates>().PassAsync "async" |> Async.AwaitTask
        step.Vars["async"] <- answer
        return goto "Done"
    }

let workflow =
    workflow "Functions" {
        start "Plain" plain [ "InATask" ]
        state "InATask" inATask [ "InAnAsync" ]
        state "InAnAsync" inAnAsync [ "Done" ]
        finish "Done"
    }
