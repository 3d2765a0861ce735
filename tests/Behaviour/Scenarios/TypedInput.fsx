open GopherFlow.FSharp

type Line = { Item: string; Count: int }

type Order = { Line: Line; Note: string option }

let take (step: Step) =
    goto "Done" |> log (step.Vars.Get<Line> "line").Item

let workflow =
    workflow "TypedInput" {
        input typeof<Order>
        start "Take" take [ "Done" ]
        finish "Done"
    }
