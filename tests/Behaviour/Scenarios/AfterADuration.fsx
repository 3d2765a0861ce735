open GopherFlow.FSharp

let first (_: Step) = goto "Second" |> after (minutes 10)
let second (_: Step) = goto "Done"

let workflow =
    workflow "AfterADuration" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
