open GopherFlow.Behaviour
open GopherFlow.FSharp

let change (step: Step) =
    let notes = step.Service<Notebook>()
    notes.Write $"""removed: {step.Vars.Remove "gone"}"""
    notes.Write $"""removed: {step.Vars.Remove "gone"}"""
    step.Vars.Set<string option>("nothing", None)
    step.Vars.Set("something", Some "s")
    goto "Look"

let look (step: Step) =
    let hasValue name = (step.Vars.TryGet<string> name).IsSome

    let notes = step.Service<Notebook>()
    notes.Write $"""there: {step.Vars.Contains "gone"} {step.Vars.Contains "nothing"}"""
    notes.Write $"""value: {hasValue "nothing"} {hasValue "something"}"""
    goto "Done"

let workflow =
    workflow "RemovedVariable" {
        start "Change" change [ "Look" ]
        state "Look" look [ "Done" ]
        finish "Done"
    }
