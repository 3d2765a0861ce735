open GopherFlow.Behaviour
open GopherFlow.FSharp

let beginning (step: Step) =
    task {
        let! _ = step.Service<Gates>().PassAsync step.Vars["gate"]
        return goto "Again"
    }

let again (step: Step) =
    task {
        let gate = step.Vars["gate"]
        let! _ = step.Service<Gates>().PassAsync $"{gate}, again"
        return goto "Last" |> after (hours 1)
    }

let last (_: Step) = goto "Done"

let workflow =
    workflow "OneAtATime" {
        limit (atOnce 1)
        start "Begin" beginning [ "Again" ]
        state "Again" again [ "Last" ]
        state "Last" last [ "Done" ]
        finish "Done"
    }
