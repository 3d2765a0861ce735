module GopherFlow.Scripts.Tests.DecisionTests

open System.Text.Json.Nodes
open Expecto
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.FSharp
open GopherFlow.Operations
open GopherFlow.Testing

type Decision =
    | Granted
    | Refused of reason: string

type Advice = { By: string }

let private refusal = JsonNode.Parse """{"Refused":"too dear"}"""

let private decide (_: Step) (decision: Decision) =
    task {
        return
            match decision with
            | Granted -> goto "Advice"
            | Refused reason -> goto "No" |> log reason
    }

let private advise (step: Step) (advice: Advice) =
    async {
        step.Vars["by"] <- advice.By
        return goto "Yes"
    }

/// A workflow that reaches its decision by a deadline, by hand, or after compensation.
let private definition =
    workflow "Decided" {
        start
            "Ask"
            (fun (step: Step) ->
                if step.Vars.Contains "undo" then
                    goto "Change"
                else
                    goto "Rest" |> orAfter (days 1) "Decision") [ "Rest"; "Change" ] [ compensatedBy "Unask" ]

        manual "Rest" [ "Decision"; "Advice" ]
        state "Change" (fun (_: Step) -> compensate "Decision") [ "Decision" ]
        state "Unask" (fun (_: Step) -> undone) []
        manual "Decision" decide [ "Advice"; "No" ]
        manual "Advice" advise [ "Yes" ]
        finish "Yes"
        error "No"
    }

let tests =
    testList "Decisions" [
        testCase "A state with a decision is drawn as a manual state with its signal" (fun () ->
            let shape = DefinitionShape.Of definition
            let signals = [ for state in shape.States -> state.Name, Option.ofObj state.Signal ]
            Expect.containsAll signals [ "Decision", Some "Decision"; "Advice", Some "Advice"; "Rest", None ] "signals"
            Expect.stringContains (MermaidText.Of definition) "class Decision manualClass;" "drawing")

        testCaseTask "A deadline can lead to a decision, and a decision to another one" (fun () ->
            task {
                use! flow = FlowTest.For definition
                let! run = flow.StartAsync()
                flow.Advance(days = 1)
                run.AssertState("Decision").AssertStatus(WorkflowStatus.InProgress) |> ignore
                do! run.SignalAsync("Decision", "Granted")
                run.AssertState("Advice").AssertStatus(WorkflowStatus.InProgress) |> ignore
                do! run.SignalAsync("Advice", {| by = "ann" |})
                run.AssertState("Yes").AssertVariable("by", "ann") |> ignore
            })

        testCaseTask "A hand move can lead to a decision, which consumes a signal sent earlier" (fun () ->
            task {
                use! flow = FlowTest.For definition
                let! run = flow.StartAsync()
                do! run.SignalAsync("Decision", refusal)
                run.AssertState "Rest" |> ignore
                do! run.MoveAsync "Decision"
                run.AssertState "No" |> ignore
            })

        testCaseTask "A decision follows the compensation" (fun () ->
            task {
                use! flow = FlowTest.For definition
                let! run = flow.StartAsync {| undo = true |}

                run.AssertPath("Ask", "Change", "Unask", "Decision").AssertStatus(WorkflowStatus.InProgress)
                |> ignore

                do! run.SignalAsync("Decision", refusal)
                run.AssertState "No" |> ignore
            })

        testCaseTask "An invalid payload is rejected with the missing field" (fun () ->
            task {
                use! flow = FlowTest.For definition
                let! run = flow.StartAsync()
                do! run.MoveAsync "Advice"

                let! fault =
                    task {
                        try
                            do! run.SignalAsync("Advice", {| from = "ann" |})
                            return None
                        with :? RejectedRequestException as rejected ->
                            return Some rejected.Message
                    }

                Expect.stringContains (Option.defaultValue "" fault) "by" "message"
            })
    ]
