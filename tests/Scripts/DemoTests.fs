namespace GopherFlow.Scripts.Tests

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.FSharp
open GopherFlow.Rules
open GopherFlow.Storage
open Expecto
open GopherFlow.TestSupport

/// The four demos of the Go system, as F# scripts.
module DemoTests =
    let tests (scripts: LoadedScripts) =

        testList "Demo" [
            testCaseTask "DemoScript waits for a duration, then until an instant, and finishes" (fun () ->
                task {
                    let! definition = scripts.Definition "DemoScript"
                    use! engine = Engine.start [ definition ]
                    let! id = Engine.create engine "DemoScript" "{}"
                    do! Engine.pass engine id "Review" (seconds 300)
                    do! Engine.pass engine id "Approve" (seconds 30)
                    let! variables = Engine.ends engine id "Finish" WorkflowStatus.Finished

                    Expect.equal
                        (variables.ToJson())
                        """{"age":"33","name":"Julian2","enrollment":{"name":"Julian","age":33}}"""
                        "to json"
                })

            testCaseTask
                "GetIpScript retries after an error response and trims the line break of the address"
                (fun () ->
                    task {
                        use! server =
                            WebServer.Start(function
                                | 1 -> 500, "out of order"
                                | _ -> 200, "203.0.113.7\n")

                        // The script reads the variable when it is loaded.
                        Environment.SetEnvironmentVariable("GFLOW_DEMO_IP_URL", server.Url)
                        let! definition = scripts.Definition "GetIpScript"
                        Environment.SetEnvironmentVariable("GFLOW_DEMO_IP_URL", null)
                        use! engine = Engine.start [ definition ]
                        let! id = Engine.create engine "GetIpScript" "{}"
                        do! Engine.pass engine id "StateGetIpData" (seconds 10)
                        let! variables = Engine.ends engine id "Finish" WorkflowStatus.Finished

                        Expect.equal variables["ip"] "203.0.113.7" "variables"
                        Expect.equal server.Requests.Length 2 "length"
                    })

            testCaseTask "DemoParentScript finishes when both its children have" (fun () ->
                task {
                    let! parent = scripts.Definition "DemoParentScript"
                    let! child = scripts.Definition "DemoChildScript"
                    use! engine = Engine.start [ parent; child ]
                    let! id = Engine.create engine "DemoParentScript" "{}"
                    let! _ = engine.UntilAsync(id, WorkflowStatus.InProgress)
                    let! children = engine.Store.ChildrenAsync(ChildSearch(id), CancellationToken.None)

                    let waiting complete (workflow: WorkflowRecord) =
                        workflow.Step = complete + 2 && workflow.Status = WorkflowStatus.InProgress

                    // The second child must also have parked before the clock is advanced.
                    let! _ = engine.UntilAsync(children[1].Id, WorkflowStatus.InProgress)
                    do! Engine.pass engine children[0].Id "ChildWakeParent" (seconds 3)
                    let! _ = engine.UntilAsync(id, waiting 1)
                    do! Engine.pass engine children[1].Id "ChildWakeParent" (seconds 12)
                    let! variables = Engine.ends engine id "ParentFinish" WorkflowStatus.Finished
                    let! logs = Engine.logs engine id
                    let! child = engine.FindAsync children[1].Id

                    Expect.equal variables["children_count"] "2" "variables"
                    Expect.equal child.BusinessKey $"child-2-of-{id}" "business key"

                    Expect.equal
                        child.StateVars
                        """{"sleepTime":"15","result":"Processed after 15 seconds"}"""
                        "state vars"

                    Expect.equal
                        logs
                        [
                            "LOG ParentWaitForChildren: Spawned 2 child workflows"
                            "LOG ParentWaitForChildren: Waiting for children: 1/2 complete"
                            "LOG ParentFinish: All child workflows complete"
                        ]
                        "logs"
                })

            testCaseTask "DemoChildScript fails when its sleep time is zero" (fun () ->
                task {
                    let! definition = scripts.Definition "DemoChildScript"
                    use! engine = Engine.start [ definition ]
                    let! id = Engine.create engine "DemoChildScript" """{"sleepTime":"0"}"""
                    let! _ = Engine.ends engine id "ChildProcessing" WorkflowStatus.Failed
                    let! history = engine.HistoryAsync id

                    Expect.contains
                        history
                        "ERROR ChildProcessing: NotRetryableException: sleepTime is '0'; expected a whole number of seconds above 0."
                        "history"
                })
        ]
