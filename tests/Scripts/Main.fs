module GopherFlow.Scripts.Tests.Main

open Expecto

/// Each test has its own engine, database and clock, so the tests run in parallel.
[<EntryPoint>]
let main arguments =
    use scripts = new LoadedScripts()

    testList "Scripts" [
        DemoTests.tests scripts
        ApprovalTests.tests scripts
        ApprovalFlowTests.tests scripts.Definition
        DecisionTests.tests
        DocumentationTests.tests
        BookingSagaTests.tests scripts.Definition
        OrderFlowTests.tests scripts
        FanOutOrderTests.tests scripts
        NightlyBatchTests.tests scripts
        PollJobTests.tests scripts
    ]
    |> runTestsWithCLIArgs [] arguments
