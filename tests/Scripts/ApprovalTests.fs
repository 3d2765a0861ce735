namespace GopherFlow.Scripts.Tests

open System
open GopherFlow.Authoring
open GopherFlow.FSharp
open GopherFlow.Rules
open GopherFlow.Storage
open Expecto
open GopherFlow.TestSupport

module ApprovalTests =
    let tests (scripts: LoadedScripts) =

        let decisionOf (variables: Variables) =
            variables["decision"] |> Option.ofObj |> Option.defaultValue "none"

        let started () =
            task {
                let! definition = scripts.Definition "Approval"
                let! engine = Engine.start [ definition ]
                let! id = Engine.create engine "Approval" "{}"
                return engine, id
            }

        testList "Approval" [
            testCaseTask "A reminder goes out each day until a person decides" (fun () ->
                task {
                    let! engine, id = started ()
                    use engine = engine
                    do! Engine.pass engine id "Decide" (days 1)
                    do! Engine.pass engine id "Decide" (days 1)
                    let! _ = engine.UntilAsync(id, (fun (workflow: WorkflowRecord) -> workflow.Step = 3))
                    do! Engine.move engine id "Approve"
                    let! variables = Engine.ends engine id "IsApproved" WorkflowStatus.Finished
                    let! told = Engine.told engine id

                    Expect.equal (decisionOf variables) "Approved" "variables"

                    Expect.equal
                        told
                        [
                            "LOG Decide: Asked for a decision on test"
                            "LOG Decide: Reminder 1"
                            "LOG Decide: Reminder 2"
                            "LOG Decide: User Manually Changed State :Approve (by ann)"
                        ]
                        "told"
                })

            testCaseTask "Whoever rejects can say why" (fun () ->
                task {
                    let! engine, id = started ()
                    use engine = engine
                    let! _ = engine.UntilAsync(id, WorkflowStatus.InProgress)
                    do! Engine.moveWith engine id "Reject" [ VariableChange("reason", "\"too dear\"") ]
                    let! variables = Engine.ends engine id "IsRejected" WorkflowStatus.Finished
                    Expect.equal (decisionOf variables) """{"Rejected":"too dear"}""" "variables"
                })

            testCaseTask "Without a decision it rests after three days until the supervisor decides" (fun () ->
                task {
                    let! engine, id = started ()
                    use engine = engine

                    for _ in 1..3 do
                        do! Engine.pass engine id "Decide" (days 1)

                    let! _ = Engine.ends engine id "Overdue" WorkflowStatus.Waiting
                    engine.Clock.Advance(hours 1)
                    let! resting = engine.FindAsync id
                    Expect.equal resting.Status WorkflowStatus.Waiting "status"
                    do! Engine.move engine id "Reject"
                    let! variables = Engine.ends engine id "IsRejected" WorkflowStatus.Finished
                    Expect.equal (decisionOf variables) """{"Rejected":"no reason given"}""" "variables"
                })
        ]
