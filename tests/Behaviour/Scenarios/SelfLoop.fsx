open GopherFlow.FSharp

let count (step: Step) =
    let count = (step.Vars.TryGet<int> "count" |> Option.defaultValue 0) + 1
    step.Vars.Set("count", count)
    if count < 3 then goto "Count" else goto "Done"

let workflow =
    workflow "SelfLoop" {
        start "Count" count [ "Count"; "Done" ]
        finish "Done"
    }
