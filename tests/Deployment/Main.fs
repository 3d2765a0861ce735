module GopherFlow.Deployment.Tests.Main

open Expecto
open GopherFlow.Scripting

/// One after the other: they share a compiler, and some count load contexts and memory.
[<EntryPoint>]
let main arguments =
    use compiler = new ScriptCompiler(ScriptCompilerOptions.defaults)

    testList "Deployment" [
        DifferencesTests.tests
        DeploymentTests.tests compiler
        CatalogueTests.tests compiler
        FolderTests.tests compiler
        DocumentationTests.tests compiler
        UnloadingTests.tests compiler
    ]
    |> testSequenced
    |> runTestsWithCLIArgs [] arguments
