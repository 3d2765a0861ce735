open GopherFlow.FSharp

let bill (_: Step) =
    waitFor [ "paid" ] "Ship" |> orAfter (days 3) "Remind"

let ship (_: Step) = goto "Done"

let remind (step: Step) =
    step.Vars["reminded"] <- string step.Signal.IsNone
    goto "Done"

let workflow =
    workflow "SignalDeadline" {
        start "Bill" bill [ "Ship"; "Remind" ]
        state "Ship" ship [ "Done" ]
        state "Remind" remind [ "Done" ]
        finish "Done"
    }
