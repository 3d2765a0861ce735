/// Greets somebody, and asks a day later how it went.
module GopherFlow.App_1.Greeting

open GopherFlow.FSharp

let private greet (step: Step) =
    let name = step.Vars.TryText "name" |> Option.defaultValue "world"
    step.Vars["greeting"] <- $"Hello, {name}"
    goto "FollowUp" |> after (days 1) |> log "said hello"

let private followUp (_: Step) = goto "Done"

let workflow =
    workflow "Greeting" {
        description "Greets somebody, and asks a day later how it went"
        start "Greet" greet
        state "FollowUp" followUp
        finish "Done"
    }
