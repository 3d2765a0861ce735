// Shows a child workflow (of FanOutOrder): it reads the typed variable that its parent gave it, and fails at once when running
// again could not help.
open System
open GopherFlow.FSharp

type Line = { Article: string; Quantity: int }

/// Every wait of the demos is divided by GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let inStock = 10

let pick (step: Step) =
    let line = step.Vars.Get<Line> "line"

    if line.Quantity > inStock then
        giveUp $"There are only {inStock} of {line.Article}, not {line.Quantity}."

    goto "Pack"
    |> log $"Picked {line.Quantity} of {line.Article}"
    |> after (seconds (10 * line.Quantity) / speed)

let pack (_: Step) = goto "Packed"

let workflow =
    workflow "FanOutOrderLine" {
        description "Picks and packs one line of an order"
        start "Pick" pick
        state "Pack" pack
        finish "Packed"
    }
