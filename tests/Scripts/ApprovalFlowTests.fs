module GopherFlow.Scripts.Tests.ApprovalFlowTests

open System.Threading.Tasks
open Expecto
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Testing

let tests (definition: string -> Task<WorkflowDefinition>) =
    testList "Approval, with the test kit" [
        testCaseTask "A person approves" (fun () ->
            task {
                let! approval = definition "Approval"
                use! flow = FlowTest.For approval
                let! run = flow.StartAsync(businessKey = "invoice 7")
                let! _ = run.UntilAsync "Approval"
                do! run.MoveAsync "Approve"

                run.AssertPath("Ask", "Approval", "Approve", "IsApproved").AssertVariable("decision", "Approved")
                |> ignore
            })

        testCaseTask "Nobody decides for three days, and the supervisor rejects" (fun () ->
            task {
                let! approval = definition "Approval"
                use! flow = FlowTest.For approval
                let! run = flow.StartAsync()
                flow.Advance(days = 3)
                run.AssertState("Overdue").AssertStatus(WorkflowStatus.Waiting) |> ignore
                do! run.MoveAsync("Reject", {| reason = "too dear" |})
                let! ended = run.EndAsync "IsRejected"
                ended.AssertVariable("decision", {| Rejected = "too dear" |}) |> ignore
            })
    ]
