module GopherFlow.Scripting.Tests.Main

open Expecto

/// Sequential: the tests share a compiler, measure threads, load contexts and memory, and depend on time limits.
[<EntryPoint>]
let main arguments =
    use compiler = Scripts.newCompiler ()

    testList "Scripting" [
        AuthoringTests.tests
        TargetTests.tests compiler
        DemoTests.tests compiler
        CompilingTests.tests compiler
        FaultyScriptTests.tests compiler
        LoadingTests.tests compiler
        StepLimitTests.tests compiler
        TrialTests.tests compiler
    ]
    |> testSequenced
    |> runTestsWithCLIArgs [] arguments
