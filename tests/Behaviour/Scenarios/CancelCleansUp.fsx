open GopherFlow.FSharp

let book (step: Step) =
    step.Vars["seat"] <- "booked"
    goto "Travel" |> after (days 1)

let travel (_: Step) = goto "Done"

let giveBack (step: Step) =
    step.Vars["seat"] <- "given back"
    goto "GivenUp"

let workflow =
    workflow "CancelCleansUp" {
        onCancel "GiveBack"
        start "Book" book [ "Travel" ]
        state "Travel" travel [ "Done" ]
        state "GiveBack" giveBack [ "GivenUp" ]
        finish "Done"
        error "GivenUp"
    }
