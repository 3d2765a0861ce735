open System
open GopherFlow.FSharp

type Colour =
    | Red
    | Green

type Customer = { Name: string; Mail: string option }

type Line = {
    Article: string
    Price: decimal
    Colour: Colour
}

type Order = { Customer: Customer; Lines: Line list }

let order = {
    Customer = { Name = "Änn"; Mail = None }
    Lines = [
        {
            Article = "spade"
            Price = 12.5m
            Colour = Green
        }
        {
            Article = "rake"
            Price = 3m
            Colour = Red
        }
    ]
}

let write (step: Step) =
    step.Vars["text"] <- "a \"text\" 🦫"
    step.Vars.Set("number", 42)
    step.Vars.Set("flag", true)
    step.Vars.Set("colour", Red)
    step.Vars.Set("order", order)
    step.Vars.Set("tags", [ "a"; "b" ])
    step.Vars.Set("stock", Map [ "spade", 3 ])
    step.Vars.Set("when", step.Now)
    goto "Read"

let read (step: Step) =
    let order = step.Vars.Get<Order> "order"

    let total =
        (order.Lines |> List.sumBy _.Price) * decimal (step.Vars.Get<int> "number")

    let greens =
        order.Lines |> List.filter (fun line -> line.Colour = Green) |> List.length

    let mail = order.Customer.Mail |> Option.defaultValue "none"
    let tags = step.Vars.Get<string list> "tags"
    let stock = step.Vars.Get<Map<string, int>> "stock"
    let isNow = step.Vars.Get<DateTimeOffset> "when" = step.Now
    step.Vars["read"] <- $"""{order.Customer.Name} {mail} {total} {greens} {tags.Length} {stock["spade"]} {isNow}"""
    step.Vars["asText"] <- step.Vars["tags"]
    goto "Done"

let workflow =
    workflow "TypedVariables" {
        start "Write" write [ "Read" ]
        state "Read" read [ "Done" ]
        finish "Done"
    }
