// Shows a fan-out: one child (FanOutOrderLine) for each line of an order, all created with one commit, and a join that lets the
// order go on when the last of them has ended, however it ended. What a failed child could not do is made good here.
open GopherFlow.Authoring
open GopherFlow.FSharp

type Line = { Article: string; Quantity: int }

/// What an order asks for that names no lines.
let usual = [
    { Article = "spade"; Quantity = 2 }
    { Article = "shovel"; Quantity = 1 }
    { Article = "dynamite"; Quantity = 50 }
]

let split (step: Step) =
    let lines = step.Vars.GetOr<Line list>("lines", usual)

    let childFor (line: Line) =
        child "FanOutOrderLine" line.Article |> withVar "line" line

    goto "Collect"
    |> spawnAll (lines |> List.map childFor)
    |> log $"{lines.Length} lines are being packed"
    |> whenChildrenFinished

let collect (step: Step) =
    task {
        let! children = step.Children()

        let packed, missing =
            children |> List.partition (fun child -> child.Status = WorkflowStatus.Finished)

        let articles = List.map (fun (child: Child) -> child.BusinessKey)
        step.Vars.Set("packed", articles packed)
        step.Vars.Set("missing", articles missing)

        return
            match packed, missing with
            | [], _ -> goto "NothingToShip"
            | _, [] -> goto "Ship"
            | _ -> goto "Apologise"
    }

let apologise (step: Step) =
    let missing = step.Vars.Get<string list> "missing" |> String.concat ", "
    step.Vars["letter"] <- $"We are sorry: we could not pack {missing}."
    goto "Ship"

let ship (step: Step) =
    let packed = step.Vars.Get<string list> "packed" |> String.concat ", "
    goto "Shipped" |> log $"Shipped {packed}"

let workflow =
    workflow "FanOutOrder" {
        description "Packs the lines of an order side by side, and ships what could be packed"
        start "Split" split
        state "Collect" collect
        state "Apologise" apologise
        state "Ship" ship
        error "NothingToShip"
        finish "Shipped"
    }
