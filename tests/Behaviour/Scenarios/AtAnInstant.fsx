open System
open GopherFlow.FSharp

let first (_: Step) =
    goto "Second" |> at (DateTimeOffset(2026, 1, 1, 5, 30, 0, hours 5))

let second (_: Step) = goto "Done"

let workflow =
    workflow "AtAnInstant" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
