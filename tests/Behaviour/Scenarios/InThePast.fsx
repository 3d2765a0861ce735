open GopherFlow.FSharp

let atYesterday (step: Step) = goto "After" |> at (step.Now - days 1)
let afterLessThanNothing (_: Step) = goto "Zero" |> after (minutes -1)
let afterNothing (_: Step) = goto "Done" |> after (seconds 0)

let workflow =
    workflow "InThePast" {
        start "At" atYesterday [ "After" ]
        state "After" afterLessThanNothing [ "Zero" ]
        state "Zero" afterNothing [ "Done" ]
        finish "Done"
    }
