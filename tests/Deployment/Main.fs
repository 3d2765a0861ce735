module GopherFlow.Deployment.Tests.Main

open Expecto
open GopherFlow.Scripting

/// Sequential: the tests share a compiler, and some measure load contexts and memory.
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
