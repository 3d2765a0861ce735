open GopherFlow.FSharp

type Price = { Item: string; Amount: decimal }

type Sum = { Total: decimal; Count: int }

let split (_: Step) =
    goto "Add"
    |> spawnAll [ for item in [ "tea"; "nothing"; "milk" ] -> child "PricedChild" item ]
    |> whenChildrenFinished

let add (step: Step) =
    task {
        let! results = step.ChildResults()

        step.Vars["ends"] <-
            results
            |> List.map (fun child -> $"{child.BusinessKey} {child.State}")
            |> String.concat ", "

        let prices = results |> List.choose _.TryResult<Price>()

        return
            goto "Done"
            |> returning {
                Total = prices |> List.sumBy _.Amount
                Count = prices.Length
            }
    }

let workflow =
    workflow "ChildResults" {
        output typeof<Sum>
        start "Split" split [ "Add" ]
        state "Add" add [ "Done" ]
        finish "Done"
    }
