open GopherFlow.FSharp

let split (_: Step) =
    goto "Collect"
    |> spawnAll [ for number in 1..3 -> child "GatedChild" $"child {number}" ]
    |> whenChildrenFinished

let collect (step: Step) =
    task {
        let! children = step.Children()

        step.Vars["ended"] <-
            children
            |> List.map (fun child -> $"{child.BusinessKey} {child.State}")
            |> String.concat ", "

        return goto "Done"
    }

let workflow =
    workflow "Join" {
        start "Split" split [ "Collect" ]
        state "Collect" collect [ "Done" ]
        finish "Done"
    }
