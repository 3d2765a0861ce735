module GopherFlow.Scripting.Tests.Main

open Expecto

/// One after the other: they share a compiler, count threads, contexts and memory, and reach limits of time.
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
