open GopherFlow.FSharp

let work (step: Step) =
    if step.Vars["when"] = "early" then
        goto "More" |> returning 1
    else
        goto "Done" |> returning "text"

let workflow =
    workflow "MisplacedResult" {
        output typeof<int>
        retry noRetry
        start "Work" work [ "More"; "Done" ]
        state "More" (fun (_: Step) -> goto "Done") [ "Done" ]
        finish "Done"
    }
