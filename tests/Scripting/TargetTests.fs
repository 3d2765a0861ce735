namespace GopherFlow.Scripting.Tests

open System
open System.IO
open GopherFlow.Definitions
open GopherFlow.FSharp
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

module TargetTests =

    let private routes =
        [
            "plain", "A"
            "literal", "A"
            "named", "B"
            "branches", "A B"
            "chosen", "A B"
            "matched", "A B C"
            "deadline", "A B"
            "instant", "A B"
            "undoing", "A"
            "ofTheEngine", "A B"
            "tasked", "A B C"
            "asynced", "A B"
            "tried", "A B C"
            "looped", "A B"
            "lambda", "A"
            "helped", "A"
            "finishing", "C"
            "audited", "B"
            "composed", "A"
            "given", "A C"
            "local", "A B"
            "recursive", "A B"
            "inList", "A B"
            "ofEach", "A B"
            "generic", "A"
            "decide", "A B"
            // A listed target takes precedence over the code.
            "more", "B"
        ]
        |> List.map (fun (state, targets) -> $"{state}: {targets}")

    /// The targets that the demos listed before they were read from code. Only Approval has more now: the deadline target that Ask sets was
    /// listed at the waiting state.
    let private demos = [
        "Approval.Ask: Approval Escalate"
        "Approval.Escalate: Overdue"
        "Approval.Approve: IsApproved"
        "Approval.Reject: IsRejected"
        "BookingSaga.BookFlight: BookHotel NotBooked"
        "BookingSaga.BookHotel: BookCar NotBooked"
        "BookingSaga.BookCar: Booked NotBooked"
        "BookingSaga.GiveUp: NotBooked"
        "BookingSaga.CancelCar: "
        "BookingSaga.CancelHotel: "
        "BookingSaga.CancelFlight: "
        "DemoChildScript.ChildInit: ChildProcessing"
        "DemoChildScript.ChildProcessing: ChildWakeParent"
        "DemoChildScript.ChildWakeParent: ChildFinish"
        "DemoParentScript.ParentInit: ParentSpawnChildren"
        "DemoParentScript.ParentSpawnChildren: ParentWaitForChildren"
        "DemoParentScript.ParentWaitForChildren: ParentFinish ParentWaitForChildren"
        "DemoScript.Init: Review"
        "DemoScript.Review: Approve ApproveError"
        "DemoScript.Approve: Finish"
        "FanOutOrder.Split: Collect"
        "FanOutOrder.Collect: Apologise NothingToShip Ship"
        "FanOutOrder.Apologise: Ship"
        "FanOutOrder.Ship: Shipped"
        "FanOutOrderLine.Pick: Pack"
        "FanOutOrderLine.Pack: Packed"
        "GetIpScript.Init: StateGetIpData"
        "GetIpScript.StateGetIpData: Finish"
        "NightlyBatch.Plan: Stopped Work"
        "NightlyBatch.Work: Plan Stopped"
        "OrderScript.Reserve: Approval Bill GiveUp"
        "OrderScript.Approval: Bill GiveUp"
        "OrderScript.Bill: GiveUp Pack"
        "OrderScript.Pack: Ship"
        "OrderScript.Ship: GiveUp Shipped"
        "OrderScript.GiveUp: Cancelled"
        "OrderScript.Refund: "
        "OrderScript.Release: "
        "PackageScript.Pack: Packed"
        "PollJob.Start: Poll"
        "PollJob.Poll: Done JobFailed Poll TookTooLong"
    ]

    let private sourceOf (file: string) =
        let path = Path.Combine(AppContext.BaseDirectory, file + ".fs")
        ScriptSource.single (file + ".fsx") (File.ReadAllText path)

    let private running (definition: WorkflowDefinition) = definition.States |> Seq.filter _.Runs

    let private shapeOf (definition: WorkflowDefinition) =
        running definition
        |> Seq.filter (fun state -> state.Type <> StateType.Start)
        |> Seq.map (fun state -> $"""{state.Name}: {state.GoesTo |> Seq.sort |> String.concat " "}""")
        |> List.ofSeq

    let private unread =
        "its code does not name each state that may follow; list them behind the function, as in [ \"Done\" ]"

    let private misspelt =
        """open GopherFlow.FSharp
let first (_: Step) = goto "Second"
let second (_: Step) =
    goto "Dnoe"
let third (_: Step) =
    if true then goto "Done" else goto "Dnoe"
let workflow =
    workflow "Misspelt" {
        start "First" first
        state "Second" second [ timeout (seconds 1) ]
        state "Third" (fun step -> third step)
        finish "Done"
    }
"""

    let tests (compiler: ScriptCompiler) =
        testList "Targets" [
            testCase "Targets are read from compiled code" (fun () ->
                Expect.equal (shapeOf Routes.workflow) routes "targets"
                Expect.isEmpty (DefinitionValidation.Validate Routes.workflow) "errors")

            testCaseTask "Targets are read from a script" (fun () ->
                task {
                    let! result = Scripts.compile compiler (sourceOf "Routes")
                    use script = Scripts.loaded result
                    Expect.equal (shapeOf script.Definition) routes "targets"
                })

            testCaseTask "The targets of the demos equal those they used to list" (fun () ->
                task {
                    let found = ResizeArray()

                    for source in Scripts.demos do
                        let! result = Scripts.compile compiler source
                        use script = Scripts.loaded result

                        for state in running script.Definition do
                            let targets = state.GoesTo |> Seq.sort |> String.concat " "
                            found.Add $"{script.Definition.Name}.{state.Name}: {targets}"

                    Expect.equal (Seq.sort found |> List.ofSeq) (List.sort demos) "targets"
                })

            testCase "Code that computes a target is rejected with the name of its state" (fun () ->
                let faults = DefinitionValidation.Validate Unreadable.workflow |> List.ofSeq
                let states = running Unreadable.workflow |> Seq.map _.Name |> List.ofSeq
                Expect.equal (faults |> List.map (fun fault -> string fault.State)) states "states"
                Expect.all faults (fun fault -> fault.Message.EndsWith unread) "message")

            testCaseTask "In a script a computed target is rejected at the line of the state" (fun () ->
                task {
                    let source = sourceOf "Unreadable"
                    let! result = Scripts.compile compiler source
                    let faults = Scripts.faults result |> List.filter Diagnostic.isError
                    let lines = source.Text.Split '\n'

                    let declared =
                        running Unreadable.workflow
                        |> Seq.map (fun state ->
                            1
                            + Array.findIndex (fun (line: string) -> line.Contains $" \"{state.Name}\" ") lines)
                        |> List.ofSeq

                    Expect.equal (faults |> List.map _.Line) declared "lines"

                    Expect.all
                        faults
                        (fun fault -> fault.Code = Diagnostic.Definition && fault.Text.EndsWith unread)
                        "message"
                })

            testCaseTask "A misspelt target is reported at its position in the function" (fun () ->
                task {
                    let! result = Scripts.compile compiler (ScriptSource.single "Misspelt.fsx" misspelt)

                    let places =
                        Scripts.faults result
                        |> List.filter (fun fault -> fault.Text.Contains "goes to 'Dnoe', which is not a state")
                        |> List.map (fun fault -> fault.Line, fault.Column)

                    Expect.equal places [ 4, 10; 6, 40 ] "places"
                })

            testCase "A definition is the same whether its targets are listed or read" (fun () ->
                let read =
                    workflow "Same" {
                        start "Start" Routes.branches [ timeout (seconds 1) ]
                        manual "B" Routes.decide
                        finish "A"
                    }

                let listed =
                    workflow "Same" {
                        start "Start" Routes.branches [ "A"; "B" ] [ timeout (seconds 1) ]
                        manual "B" Routes.decide [ "A"; "B" ]
                        finish "A"
                    }

                let content (definition: WorkflowDefinition) =
                    MermaidText.Of definition, definition.Version, definition.States[0].Timeout

                Expect.equal (content read) (content listed) "content")

            testCase "A start and a decision accept every kind of function" (fun () ->
                let decided (step: Step) (yes: bool) = task { return Routes.decide step yes }

                let decidedLater (step: Step) (yes: bool) = async { return Routes.decide step yes }

                let targetsOf (definition: WorkflowDefinition) =
                    String.concat " " definition.States[0].GoesTo

                Expect.equal
                    [
                        targetsOf (workflow "W" { start "S" Routes.plain })
                        targetsOf (workflow "W" { start "S" Routes.tasked })
                        targetsOf (workflow "W" { start "S" Routes.asynced })
                        targetsOf (workflow "W" { manual "S" decided })
                        targetsOf (workflow "W" { manual "S" decidedLater })
                    ]
                    [ "A"; "C A B"; "A B"; "A B"; "A B" ]
                    "targets")
        ]
