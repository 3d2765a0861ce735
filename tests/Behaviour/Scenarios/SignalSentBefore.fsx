open GopherFlow.FSharp

let bill (_: Step) = goto "Pack" |> after (hours 1)
let pack (_: Step) = waitFor [ "paid" ] "Ship"

let ship (step: Step) =
    step.Vars.Set("paid", step.Signal.Value.Get<int>())
    goto "Done"

let workflow =
    workflow "SignalSentBefore" {
        start "Bill" bill [ "Pack" ]
        state "Pack" pack [ "Ship" ]
        state "Ship" ship [ "Done" ]
        finish "Done"
    }
