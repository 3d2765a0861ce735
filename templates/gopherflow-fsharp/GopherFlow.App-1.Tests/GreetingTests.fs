module GopherFlow.App_1.Tests.GreetingTests

open GopherFlow.Testing
open GopherFlow.App_1
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
