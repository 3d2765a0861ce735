namespace GopherFlow.Scripts.Tests

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.FSharp
open GopherFlow.Storage
open Expecto
open GopherFlow.TestSupport

module FanOutOrderTests =
    let tests (scripts: LoadedScripts) =

        /// Runs an order to its end, advancing the clock for each child that packs, fastest first.
        let run (variables: string) (packing: (int * TimeSpan) list) (state: string) (status: WorkflowStatus) =
            task {
                let! order = scripts.Definition "FanOutOrder"
                let! line = scripts.Definition "FanOutOrderLine"
                use! engine = Engine.start [ order; line ]
                let! id = Engine.create engine "FanOutOrder" variables
                let! _ = engine.UntilAsync(id, WorkflowStatus.InProgress)
                let! children = engine.Store.ChildrenAsync(ChildSearch(id), CancellationToken.None)

                // Every child must have parked or failed before the clock is advanced.
                for child in children do
                    let! _ =
                        engine.UntilAsync(
                            child.Id,
                            fun child ->
                                child.Status = WorkflowStatus.InProgress || child.Status = WorkflowStatus.Failed
                        )

                    ()

                for number, wait in packing do
                    do! Engine.pass engine children[number].Id "Pack" wait
                    let! _ = engine.UntilAsync(children[number].Id, WorkflowStatus.Finished)
                    ()

                let! variables = Engine.ends engine id state status
                let! path = Engine.path engine id
                return variables, path, List.ofSeq children
            }

        testList "Fan out order" [
            testCaseTask "All lines are packed and shipped" (fun () ->
                task {
                    let lines =
                        """{"lines":[{"article":"spade","quantity":1},{"article":"rake","quantity":2}]}"""

                    let! variables, path, children =
                        run lines [ 0, seconds 10; 1, seconds 10 ] "Shipped" WorkflowStatus.Finished

                    Expect.equal variables["packed"] """["spade","rake"]""" "variables"
                    Expect.equal variables["missing"] "[]" "variables"
                    Expect.equal path "Collect Ship Shipped" "path"

                    Expect.equal
                        (children |> List.map _.StateVars)
                        [
                            """{"line":{"article":"spade","quantity":1}}"""
                            """{"line":{"article":"rake","quantity":2}}"""
                        ]
                        "state vars"
                })

            testCaseTask "An order with a failed line is shipped with an apology" (fun () ->
                task {
                    let! variables, path, _ =
                        run "{}" [ 1, seconds 10; 0, seconds 10 ] "Shipped" WorkflowStatus.Finished

                    Expect.equal variables["missing"] """["dynamite"]""" "variables"
                    Expect.equal variables["letter"] "We are sorry: we could not pack dynamite." "variables"
                    Expect.equal path "Collect Apologise Ship Shipped" "path"
                })

            testCaseTask "An order whose lines have all failed has nothing to ship" (fun () ->
                task {
                    let lines = """{"lines":[{"article":"dynamite","quantity":50}]}"""
                    let! _, path, _ = run lines [] "NothingToShip" WorkflowStatus.Error
                    Expect.equal path "Collect NothingToShip" "path"
                })
        ]
