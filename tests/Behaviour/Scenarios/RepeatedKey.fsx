open GopherFlow.FSharp

let begin' (_: Step) = waitFor [ "paid" ] "Count"

let count (step: Step) =
    let total = step.Vars.GetOr("total", 0) + step.Signal.Value.Get<int>()
    step.Vars.Set("total", total)

    if total < 5 then
        waitFor [ "paid" ] "Count"
    else
        goto "Done"

let workflow =
    workflow "RepeatedKey" {
        start "Begin" begin' [ "Count" ]
        state "Count" count [ "Count"; "Done" ]
        finish "Done"
    }
