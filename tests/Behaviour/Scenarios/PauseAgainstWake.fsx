open GopherFlow.FSharp

let first (_: Step) =
    goto "Second" |> spawn (child "GatedChild" "child") |> after (days 1)

let second (_: Step) = goto "Done"

let workflow =
    workflow "PauseAgainstWake" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
