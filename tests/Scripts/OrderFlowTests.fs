module GopherFlow.Scripts.Tests.OrderFlowTests

open System.Text.Json.Nodes
open Expecto
open GopherFlow.Authoring
open GopherFlow.Testing

let private bread =
    Variables.Parse """{"customer":"bob","total":4,"articles":["bread"]}"""

let private pens = Variables.Parse """{"customer":"ada","total":5000}"""
pens.Set("articles", [ for number in 1..50 -> $"pen {number}" ])
let private went (run: FlowRun) = String.concat " " run.Path

let tests (scripts: LoadedScripts) =
    testCaseTask "The order script runs through all its paths" (fun () ->
        task {
            let! order = scripts.Definition "OrderScript"
            let! package = scripts.Definition "PackageScript"

            let plan (plan: FlowTestBuilder) =
                plan.AddDefinition(order).AddDefinition(package)

            use! flow =
                FlowTest.With(fun empty -> (plan empty).AddSchedule("bread", order.Name, "0 7 5 * *", _.With(bread)))

            let! late = flow.StartAsync pens
            let! lost = flow.StartAsync pens
            let! shipped = flow.StartAsync pens
            flow.FailAt("Ship", 1, NotRetryableException "the lorry is gone")

            for run in [ lost; shipped ] do
                do! run.SignalAsync("Decision", {| approved = true |})
                do! run.SignalAsync("paid", {| amount = 5000 |})

            flow.Advance(days = 5)
            Expect.equal (went late) "Reserve Approval GiveUp Release Cancelled" "late"
            Expect.equal (went lost) "Reserve Approval Bill Pack Ship GiveUp Refund Release Cancelled" "lost"
            Expect.equal (went shipped) "Reserve Approval Bill Pack Ship Shipped" "shipped"
            let grams = shipped.Children |> Seq.sumBy _.Result<int>()

            let receipt = JsonNode.Parse $"""{{"customer":"ada","paid":5000,"grams":{grams}}}"""
            shipped.AssertResult receipt |> ignore
            Expect.equal [ for run in [ late; lost; shipped ] -> run.Children.Count ] [ 0; 50; 50 ] "packages"
            let monthly = flow.Runs |> Seq.find (fun run -> run.BusinessKey = "bread")
            monthly.AssertState "Pack" |> ignore
        })
