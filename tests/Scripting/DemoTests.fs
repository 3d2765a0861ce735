namespace GopherFlow.Scripting.Tests

open GopherFlow.Scripting
open Xunit

[<Collection "compiler">]
type DemoTests(warm: WarmCompiler) =

    [<Theory>]
    [<InlineData("DemoScript.fsx", "Init Review Approve ApproveError Finish")>]
    [<InlineData("GetIpScript.fsx", "Init StateGetIpData Finish")>]
    [<InlineData("DemoParentScript.fsx", "ParentInit ParentSpawnChildren ParentWaitForChildren ParentFinish")>]
    [<InlineData("DemoChildScript.fsx", "ChildInit ChildProcessing ChildWakeParent ChildFinish")>]
    member _.``A demo loads``(file: string, states: string) =
        task {
            let source = Scripts.demo file
            let! result = Scripts.compile warm.Compiler source
            use script = Scripts.loaded result
            Assert.Equal(file.Replace(".fsx", ""), script.Definition.Name)
            Assert.Equal(states, script.Definition.States |> Seq.map _.Name |> String.concat " ")
            Assert.Equal(ScriptVersion.Of source, script.Definition.Version)
            Assert.Empty script.Warnings
        }
