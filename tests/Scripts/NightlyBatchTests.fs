namespace GopherFlow.Scripts.Tests

open System.Threading
open GopherFlow.Authoring
open GopherFlow.FSharp
open GopherFlow.Rules
open GopherFlow.Storage
open Expecto
open GopherFlow.TestSupport

module NightlyBatchTests =
    let tests (scripts: LoadedScripts) =

        testList "Nightly batch" [
            testCaseTask "The batch runs every night at its time until it is stopped" (fun () ->
                task {
                    let! definition = scripts.Definition "NightlyBatch"
                    use! engine = Engine.start [ definition ]
                    let! id = Engine.create engine "NightlyBatch" """{"at":"03:30"}"""
                    // The clock starts at midnight.
                    do! Engine.pass engine id "Work" (hours 3.5)
                    do! Engine.pass engine id "Work" (days 1)

                    let! parked =
                        engine.UntilAsync(id, (fun (workflow: WorkflowRecord) -> workflow.Step = 5))

                    Expect.equal
                        ((Variables.Parse parked.StateVars)["report"])
                        """{"night":"2026-01-02","handled":102}"""
                        "state vars"

                    let! _ =
                        engine.Interventions.ChangeVariablesAsync(
                            id,
                            [ VariableChange("stop", "\"yes\"") ],
                            "ann",
                            CancellationToken.None
                        )

                    do! Engine.pass engine id "Work" (days 1)
                    let! variables = Engine.ends engine id "Stopped" WorkflowStatus.Finished
                    let! logs = Engine.logs engine id

                    Expect.equal variables["report"] """{"night":"2026-01-02","handled":102}""" "variables"
                    Expect.equal (logs |> List.filter _.EndsWith("accounts") |> List.length) 2 "reports"
                })

            testCaseTask "The batch runs at two in the morning by default" (fun () ->
                task {
                    let! definition = scripts.Definition "NightlyBatch"
                    use! engine = Engine.start [ definition ]
                    let! id = Engine.create engine "NightlyBatch" "{}"
                    do! Engine.pass engine id "Work" (hours 2)
                    let! _ = engine.UntilAsync(id, (fun (workflow: WorkflowRecord) -> workflow.Step = 3))
                    ()
                })

            testCaseTask "A malformed time fails at once" (fun () ->
                task {
                    let! definition = scripts.Definition "NightlyBatch"
                    use! engine = Engine.start [ definition ]
                    let! id = Engine.create engine "NightlyBatch" """{"at":"2 o'clock"}"""
                    let! _ = Engine.ends engine id "Plan" WorkflowStatus.Failed
                    ()
                })
        ]
