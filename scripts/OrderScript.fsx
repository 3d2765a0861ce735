// Shows a complete order process: a decision with a deadline, a payment that arrives as a signal, a child workflow for each article,
// and compensation when the order cannot be shipped. The same in C#, in two styles: samples/Orders.
open GopherFlow.Authoring
open GopherFlow.FSharp

type Order = {
    Customer: string
    Total: decimal
    Articles: string list
}

type Decision = { Approved: bool }

type Payment = { Amount: decimal }

type Receipt = {
    Customer: string
    Paid: decimal
    Grams: int
}

/// Simulates the external systems of the shop. Each call has an idempotency key.
let shop (step: Step) (call: string) (key: string) =
    let calls = step.Vars.GetOr<string list>("calls", [])
    step.Vars.Set("calls", calls @ [ $"{call} {key}" ])

let reserve (step: Step) =
    shop step "reserve" step.Key

    if step.Vars.Get<decimal> "total" > 1000m then
        goto "Approval" |> orAfter (days 3) "GiveUp"
    else
        goto "Bill"

let decide (_: Step) (decision: Decision) =
    if decision.Approved then goto "Bill" else goto "GiveUp"

let bill (_: Step) =
    waitFor [ "paid" ] "Pack" |> orAfter (days 14) "GiveUp"

let pack (step: Step) =
    let paid = step.Signal |> Option.map _.Get<Payment>().Amount
    step.Vars.Set("paid", paid)

    goto "Ship"
    |> spawnAll [
        for name in step.Vars.Get<string list> "articles" -> child "PackageScript" name |> withVar "name" name
    ]
    |> whenChildrenFinished

let ship (step: Step) =
    task {
        let! packages = step.ChildResults()

        if
            packages
            |> List.exists (fun package -> package.Status <> WorkflowStatus.Finished)
        then
            return goto "GiveUp"
        else
            let grams = packages |> List.choose _.TryResult<int>() |> List.sum
            shop step $"ship {grams} g" step.Key

            return
                goto "Shipped"
                |> returning {
                    Customer = step.Vars["customer"]
                    Paid = step.Vars.Get "paid"
                    Grams = grams
                }
    }

let undo (call: string) (step: Step) =
    step.Undoes |> Option.iter (shop step call)
    undone

let workflow =
    workflow "OrderScript" {
        description "Delivers an order to its customer, or undoes everything"
        input typeof<Order>
        output typeof<Receipt>
        onFailure "GiveUp"
        onCancel "GiveUp"
        start "Reserve" reserve [ compensatedBy "Release" ]
        manual "Approval" decide
        state "Bill" bill
        state "Pack" pack [ compensatedBy "Refund" ]
        state "Ship" ship [ retrying (linear 3 (seconds 10) (seconds 60)) ]
        state "GiveUp" (fun (_: Step) -> compensate "Cancelled")
        state "Refund" (undo "refund")
        state "Release" (undo "release")
        finish "Shipped"
        error "Cancelled"
    }
