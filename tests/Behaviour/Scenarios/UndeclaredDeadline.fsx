open GopherFlow.FSharp

let bill (_: Step) =
    waitFor [ "paid" ] "Ship" |> orAfter (days 3) "Remind"

let ship (_: Step) = goto "Remind"

let workflow =
    workflow "UndeclaredDeadline" {
        start "Bill" bill [ "Ship" ]
        state "Ship" ship [ "Remind" ]
        finish "Remind"
    }
