open GopherFlow.Behaviour
open GopherFlow.FSharp

let pay (step: Step) =
    let price = step.Vars.Get<Money> "price"

    if step.Vars.GetOr("isChild", false) then
        goto "Done"
    else
        step.Vars.Set("paid", [ Money(price.Amount * 2m, price.Currency) ])

        let child =
            step.NewChild("ConvertedVariables", "child")
            |> withVar "price" price
            |> withVar "isChild" true

        goto "Join" |> spawn child |> whenChildrenFinished

let join (step: Step) =
    task {
        let! children = step.Children()
        step.Vars.Set("back", children.Head.Vars.Get<Money> "price")
        return goto "Done"
    }

let workflow =
    workflow "ConvertedVariables" {
        start "Pay" pay [ "Done"; "Join" ]
        state "Join" join [ "Done" ]
        finish "Done"
    }
