module GopherFlowApp.Tests.GreetingTests

open GopherFlow.Testing
open GopherFlowApp
open Xunit

[<Fact>]
let ``it greets and follows up a day later`` () =
    task {
        use! flow = FlowTest.For Greeting.workflow
        let! run = flow.StartAsync {| name = "Ann" |}

        run.AssertState("FollowUp").AssertVariable("greeting", "Hello, Ann") |> ignore

        flow.Advance(days = 1.)

        run.AssertPath("Greet", "FollowUp", "Done") |> ignore
    }
