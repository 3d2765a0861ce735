open GopherFlow.FSharp

let charge (step: Step) =
    if step.Vars.TryText "card" = Some "expired" then
        failwith "The card has expired"

    goto "Review"

let pack (_: Step) =
    waitFor [ "parcel" ] "Hand over" |> log "packed"

let handOver (_: Step) = goto "Done"

let workflow =
    workflow "Payment" {
        description "Charges a card, asks a person, waits for a parcel"
        retry (linear 0 (seconds 1) (seconds 1))
        start "Charge" charge
        manual "Review" [ "Pack"; "Refused" ]
        state "Pack" pack
        state "Hand over" handOver
        finish "Done"
        finish "Refused"
    }
