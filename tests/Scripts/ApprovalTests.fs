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
            testCaseTask "The workflow waits until a person decides" (fun () ->
                task {
                    let! engine, id = started ()
                    use engine = engine
                    let! _ = Engine.ends engine id "Approval" WorkflowStatus.Waiting
                    engine.Clock.Advance(days 2)
                    do! Engine.move engine id "Approve"
                    let! variables = Engine.ends engine id "IsApproved" WorkflowStatus.Finished
                    engine.Clock.Advance(days 2)
                    let! logs = Engine.logs engine id

                    Expect.equal (decisionOf variables) "Approved" "variables"

                    Expect.equal
                        logs
                        [
                            "LOG Approval: Asked for a decision on test"
                            "LOG Approval: User Manually Changed State :Approve (by ann)"
                        ]
                        "logs"
                })

            testCaseTask "A rejection can have a reason" (fun () ->
                task {
                    let! engine, id = started ()
                    use engine = engine
                    let! _ = engine.UntilAsync(id, WorkflowStatus.Waiting)
                    do! Engine.moveWith engine id "Reject" [ VariableChange("reason", "\"too dear\"") ]
                    let! variables = Engine.ends engine id "IsRejected" WorkflowStatus.Finished
                    Expect.equal (decisionOf variables) """{"Rejected":"too dear"}""" "variables"
                })

            testCaseTask "After three days without a decision the workflow waits for the supervisor" (fun () ->
                task {
                    let! engine, id = started ()
                    use engine = engine
                    let! _ = Engine.ends engine id "Approval" WorkflowStatus.Waiting
                    engine.Clock.Advance(days 3)
                    let isOverdue (workflow: WorkflowRecord) = workflow.State = "Overdue"
                    let! _ = engine.UntilAsync(id, isOverdue)
                    engine.Clock.Advance(days 3)
                    let! resting = engine.FindAsync id

                    Expect.equal
                        (resting.Status, resting.NextActivation)
                        (WorkflowStatus.Waiting, Nullable())
                        "resting"

                    do! Engine.move engine id "Reject"
                    let! variables = Engine.ends engine id "IsRejected" WorkflowStatus.Finished
                    let! logs = Engine.logs engine id

                    Expect.equal (decisionOf variables) """{"Rejected":"no reason given"}""" "variables"
                    Expect.contains logs "LOG Overdue: No decision on test in time" "logs"
                })
        ]
