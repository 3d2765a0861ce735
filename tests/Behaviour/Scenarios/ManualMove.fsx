open GopherFlow.FSharp

let work (step: Step) =
    match step.Vars.TryText "answer" with
    | Some "yes" -> goto "Done"
    | _ -> goto "Ask"

let workflow =
    workflow "ManualMove" {
        start "Work" work [ "Ask"; "Done" ]
        manual "Ask" [ "Work"; "Done" ]
        finish "Done"
    }
