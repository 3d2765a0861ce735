open GopherFlow.FSharp

let split (_: Step) =
    goto "Collect"
    |> spawn (child "GatedChild" "a")
    |> spawn (child "GatedChild" "b")
    |> whenChildrenFinished

let collect (_: Step) = goto "Done"

let workflow =
    workflow "CancelChildren" {
        start "Split" split [ "Collect" ]
        state "Collect" collect [ "Done" ]
        finish "Done"
    }
