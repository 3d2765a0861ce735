// Shows a child workflow (of FanOutOrder): it reads a typed variable that its parent has set, and fails at once when a retry would
// not help.
open System
open GopherFlow.FSharp

type Line = { Article: string; Quantity: int }

/// The divisor for every wait of the demos, from GFLOW_DEMO_SPEED.
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
