open GopherFlow.FSharp

let poll (step: Step) =
    step.Vars["noise"] <- "x"
    goto "Sum"

let sum (step: Step) =
    let round = step.Vars.GetOr("round", 0) + 1

    if round = 4 then
        goto "Done"
    else
        goto "Poll" |> continuingAnew (fun vars -> vars.Set("round", round))

let workflow =
    workflow "BeginsAnew" {
        start "Poll" poll [ "Sum" ]
        state "Sum" sum [ "Poll"; "Done" ]
        finish "Done"
    }
