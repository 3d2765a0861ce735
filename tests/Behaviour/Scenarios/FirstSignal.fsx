open GopherFlow.FSharp

let ask (_: Step) = waitFor [ "yes"; "no" ] "Hear"

let hear (step: Step) =
    let before = step.Vars.TryText "heard" |> Option.defaultValue ""
    let heard = $"{before}{step.Signal.Value.Name} "
    step.Vars["heard"] <- heard

    if heard = "no " then
        waitFor [ "yes" ] "Hear"
    else
        goto "Done"

let workflow =
    workflow "FirstSignal" {
        start "Ask" ask [ "Hear" ]
        state "Hear" hear [ "Hear"; "Done" ]
        finish "Done"
    }
