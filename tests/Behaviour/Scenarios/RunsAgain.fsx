open GopherFlow.Behaviour
open GopherFlow.FSharp

let begin' (_: Step) = goto "Greet"

let greet (step: Step) =
    step.Service<Notebook>().Write $"""{step.Key} {step.Vars["city"]}"""
    goto "Done"

let workflow =
    workflow "RunsAgain" {
        start "Begin" begin' [ "Greet" ]
        state "Greet" greet [ "Done" ]
        finish "Done"
    }
