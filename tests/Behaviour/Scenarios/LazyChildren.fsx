open GopherFlow.Behaviour
open GopherFlow.FSharp

let spawnOne (_: Step) =
    goto "Look" |> spawn (child "GatedChild" "child")

let note (step: Step) =
    task {
        let! children = step.Children()

        for child in children do
            step.Service<Notebook>().Write
                $"{child.Status} {child.ExternalId} {child.BusinessKey} {child.WorkflowType} {child.State}"
    }

let look (step: Step) =
    task {
        do! note step
        let! _ = step.Service<Gates>().PassAsync "between"
        do! note step
        return goto "Done"
    }

let workflow =
    workflow "LazyChildren" {
        start "Spawn" spawnOne [ "Look" ]
        state "Look" look [ "Done" ]
        finish "Done"
    }
