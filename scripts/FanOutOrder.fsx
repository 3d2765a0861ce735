// Shows a fan-out: one child (FanOutOrderLine) for each line of an order, all created with one commit. The order continues when the
// last child has ended, successfully or not, and then handles the lines of failed children.
open GopherFlow.Authoring
open GopherFlow.FSharp

type Line = { Article: string; Quantity: int }

/// The default lines of an order.
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
        description "Packs the lines of an order in parallel, and ships those that could be packed"
        start "Split" split
        state "Collect" collect
        state "Apologise" apologise
        state "Ship" ship
        error "NothingToShip"
        finish "Shipped"
    }
