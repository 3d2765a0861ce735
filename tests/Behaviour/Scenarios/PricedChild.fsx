open GopherFlow.FSharp

type Price = { Item: string; Amount: decimal }

let ask (step: Step) =
    if step.BusinessKey = "nothing" then
        goto "Bad"
    else
        goto "Done"
        |> returning {
            Item = step.BusinessKey
            Amount = 2.5m
        }

let workflow =
    workflow "PricedChild" {
        output typeof<Price>
        start "Ask" ask [ "Done"; "Bad" ]
        finish "Done"
        error "Bad"
    }
