namespace GopherFlow.Scripts.Tests

open System
open GopherFlow.Authoring
open GopherFlow.FSharp
open Xunit

[<Collection "scripts">]
type FanOutOrderTests(scripts: LoadedScripts) =

    /// Runs an order to its end, turning the clock for each child that packs, the quickest first.
    let run (variables: string) (packing: (int * TimeSpan) list) (state: string) (status: WorkflowStatus) =
        task {
            let! order = scripts.Definition "FanOutOrder"
            let! line = scripts.Definition "FanOutOrderLine"
            use! engine = Engine.start [ order; line ]
            let! id = Engine.create engine "FanOutOrder" variables
            let! _ = engine.UntilAsync(id, WorkflowStatus.InProgress)
            let! children = engine.Store.ChildrenAsync(id, TestContext.Current.CancellationToken)

            // Every child has parked or failed before the clock is turned.
            for child in children do
                let! _ =
                    engine.UntilAsync(
                        child.Id,
                        fun child -> child.Status = WorkflowStatus.InProgress || child.Status = WorkflowStatus.Failed
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

    [<Fact>]
    member _.``All lines are packed and shipped``() =
        task {
            let lines =
                """{"lines":[{"article":"spade","quantity":1},{"article":"rake","quantity":2}]}"""

            let! variables, path, children =
                run lines [ 0, seconds 10; 1, seconds 10 ] "Shipped" WorkflowStatus.Finished

            Assert.Equal("""["spade","rake"]""", variables["packed"])
            Assert.Equal("[]", variables["missing"])
            Assert.Equal("Collect Ship Shipped", path)

            Assert.Equal<string list>(
                [
                    """{"line":{"article":"spade","quantity":1}}"""
                    """{"line":{"article":"rake","quantity":2}}"""
                ],
                children |> List.map _.StateVars
            )
        }

    [<Fact>]
    member _.``What a failed child could not pack is apologised for``() =
        task {
            let! variables, path, _ =
                run "{}" [ 1, seconds 10; 0, seconds 10 ] "Shipped" WorkflowStatus.Finished

            Assert.Equal("""["dynamite"]""", variables["missing"])
            Assert.Equal("We are sorry: we could not pack dynamite.", variables["letter"])
            Assert.Equal("Collect Apologise Ship Shipped", path)
        }

    [<Fact>]
    member _.``When every child has failed there is nothing to ship``() =
        task {
            let lines = """{"lines":[{"article":"dynamite","quantity":50}]}"""
            let! _, path, _ = run lines [] "NothingToShip" WorkflowStatus.Error
            Assert.Equal("Collect NothingToShip", path)
        }
