namespace GopherFlow.Scripting.Tests

open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

module DemoTests =
    let tests (compiler: ScriptCompiler) =

        testList "Demo" [
            testTheoryTask
                "A demo loads"
                [
                    "DemoScript.fsx", "Init Review Approve ApproveError Finish"
                    "GetIpScript.fsx", "Init StateGetIpData Finish"
                    "DemoParentScript.fsx", "ParentInit ParentSpawnChildren ParentWaitForChildren ParentFinish"
                    "DemoChildScript.fsx", "ChildInit ChildProcessing ChildWakeParent ChildFinish"
                ]
                (fun (file: string, states: string) ->
                    task {
                        let source = Scripts.demo file
                        let! result = Scripts.compile compiler source
                        use script = Scripts.loaded result
                        Expect.equal script.Definition.Name (file.Replace(".fsx", "")) "name"
                        Expect.equal (script.Definition.States |> Seq.map _.Name |> String.concat " ") states "concat"
                        Expect.equal script.Definition.Version (ScriptVersion.Of source) "version"
                        Expect.isEmpty script.Warnings "warnings"
                    })
        ]
