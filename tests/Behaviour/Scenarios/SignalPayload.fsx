open GopherFlow.FSharp

type Method =
    | Cash
    | Card

type Payment = {
    Amount: decimal
    Method: Method
    Note: string option
}

let bill (step: Step) =
    step.Vars["before"] <- string step.Signal.IsSome
    waitFor [ "paid" ] "Ship"

let ship (step: Step) =
    let signal = step.Signal.Value
    let payment = signal.Get<Payment>()
    let key = signal.Key |> Option.defaultValue "none"
    let isNow = signal.Sent = step.Now
    let note = payment.Note |> Option.defaultValue "no note"
    step.Vars["paid"] <- $"{signal.Name} '{key}' {isNow}: {payment.Amount} by {payment.Method}, {note}"
    goto "Done"

let workflow =
    workflow "SignalPayload" {
        start "Bill" bill [ "Ship" ]
        state "Ship" ship [ "Done" ]
        finish "Done"
    }
