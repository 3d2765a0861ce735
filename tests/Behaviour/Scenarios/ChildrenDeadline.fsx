open GopherFlow.FSharp

let split (_: Step) =
    goto "Collect"
    |> spawn (child "GatedChild" "quick")
    |> spawn (child "GatedChild" "slow")
    |> whenChildrenFinished
    |> orAfter (days 3) "Late"

let collect (_: Step) = goto "Done"

let late (step: Step) =
    task {
        let! children = step.Children()

        step.Vars["open"] <-
            children
            |> List.filter (fun child -> not child.IsFinal)
            |> List.map _.BusinessKey
            |> String.concat " "

        return goto "Done"
    }

let workflow =
    workflow "ChildrenDeadline" {
        start "Split" split [ "Collect"; "Late" ]
        state "Collect" collect [ "Done" ]
        state "Late" late [ "Done" ]
        finish "Done"
    }
