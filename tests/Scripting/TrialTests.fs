namespace GopherFlow.Scripting.Tests

open System
open System.Text.Json
open System.Threading.Tasks
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

module TrialTests =
    let tests (compiler: ScriptCompiler) =

        let tryWith (options: TrialOptions) source =
            task {
                let! result = Scripts.compile compiler source
                use script = Scripts.loaded result
                return! ScriptTrial.RunAsync options script
            }

        let tryCode code =
            tryWith TrialOptions.defaults (Scripts.script code)

        let states (report: TrialReport) =
            report.Steps |> List.map (fun step -> $"{step.State} -> {step.Next}")

        testList "Trial" [
            testCaseTask "The demo runs to its end without waiting" (fun () ->
                task {
                    let! report = tryWith TrialOptions.defaults (Scripts.demo "DemoScript.fsx")
                    Expect.equal report.Ended TrialEnd.ReachedEnd "ended"

                    Expect.equal
                        (states report)
                        [ "Init -> Review"; "Review -> Approve"; "Approve -> Finish" ]
                        "report"

                    Expect.equal (report.Steps[0].Skipped) (Some(TimeSpan.FromMinutes 5.)) "skipped"
                    Expect.equal (report.Steps[1].Skipped) (Some(TimeSpan.FromSeconds 30.)) "skipped"
                    Expect.equal report.VirtualTime (TimeSpan.FromSeconds 330.) "virtual time"
                    Expect.stringContains report.Variables "\"name\":\"Julian2\"" "variables"
                    Expect.contains report.Steps[1].Log "Information: Reviewing Julian, who is 33" "log"
                })

            testCaseTask "A parent runs with its real children" (fun () ->
                task {
                    let! child = Scripts.compile compiler (Scripts.demo "DemoChildScript.fsx")
                    use child = Scripts.loaded child

                    let! report =
                        tryWith
                            {
                                TrialOptions.defaults with
                                    Others = [ child.Definition ]
                            }
                            (Scripts.demo "DemoParentScript.fsx")

                    Expect.equal report.Ended TrialEnd.ReachedEnd "ended"

                    Expect.equal
                        (report.Steps
                         |> List.filter (fun step -> step.Next = "ChildFinish")
                         |> List.length)
                        2
                        "next"

                    Expect.equal report.State "ParentFinish" "state"
                })

            testCaseTask "A trial writes variables with the application's JSON options" (fun () ->
                task {
                    let names =
                        JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper)

                    let! report =
                        tryWith
                            {
                                TrialOptions.defaults with
                                    VariablesJson = Some names
                            }
                            (Scripts.demo "DemoScript.fsx")

                    Expect.stringContains report.Variables "\"enrollment\":{\"NAME\":" "variables"
                })

            testCaseTask "A child of an unknown type fails as it does in the engine" (fun () ->
                task {
                    let! report = tryWith TrialOptions.defaults (Scripts.demo "DemoParentScript.fsx")
                    Expect.equal report.Ended TrialEnd.Failed "ended"
                    Expect.stringContains report.Reason "There is no definition 'DemoChildScript'" "reason"
                })

            testCaseTask "A failing state is retried without waiting until the workflow fails" (fun () ->
                task {
                    let! report = tryCode "let work (step: Step) : NextState = failwith \"no luck\""
                    Expect.equal report.Ended TrialEnd.Failed "ended"
                    Expect.equal (report.Steps |> List.map _.Attempt) [ 1..11 ] "attempt"
                    Expect.stringContains report.Reason "no luck" "reason"
                })

            testCaseTask "A workflow that loops stops at the step limit" (fun () ->
                task {
                    let! report =
                        tryWith
                            {
                                TrialOptions.defaults with
                                    StepLimit = 7
                            }
                            (Scripts.script "let work (step: Step) = goto \"Work\" |> after (days 400)")

                    Expect.equal report.Ended TrialEnd.StepLimit "ended"
                    Expect.equal report.Steps.Length 7 "length"
                })

            testTheoryTask
                "A state function that does not end is stopped"
                [
                    "let work (step: Step) = (while true do ()); goto \"Done\""
                    "let work (step: Step) = Thread.Sleep Timeout.Infinite; goto \"Done\""
                    "let work (step: Step) = task {\n    do! Task.Delay -1\n    return goto \"Done\" }"
                    "let work (step: Step) = task {\n    do! Task.Yield()\n    while true do ()\n    return goto \"Done\" }"
                    "let work (step: Step) = async {\n    do! Async.Sleep 1\n    while true do ()\n    return goto \"Done\" }"
                ]
                (fun (code: string) ->
                    task {
                        let! report =
                            tryWith
                                {
                                    TrialOptions.defaults with
                                        TimeLimit = TimeSpan.FromSeconds 0.7
                                }
                                (Scripts.script code)

                        Expect.equal report.Ended TrialEnd.TimeLimit "ended"

                        Expect.equal
                            report.Reason
                            "The limit of 0.7 s passed while the function of 'Work' ran."
                            "reason"
                    })

            testCaseTask "A delay on the engine's clock inside a function is skipped" (fun () ->
                task {
                    let! report =
                        tryCode
                            "let work (step: Step) = task {\n    do! Task.Delay(TimeSpan.FromDays 3., step.Clock)\n    return goto \"Done\" }"

                    Expect.equal report.Ended TrialEnd.ReachedEnd "ended"
                    Expect.equal report.VirtualTime (TimeSpan.FromDays 3.) "virtual time"
                })

            testCaseTask "Waiting for a real call does not advance the clock" (fun () ->
                task {
                    let! report =
                        tryCode "let work (step: Step) = task {\n    do! Task.Delay 300\n    return goto \"Done\" }"

                    Expect.equal report.Ended TrialEnd.ReachedEnd "ended"
                    Expect.equal report.VirtualTime TimeSpan.Zero "virtual time"
                })

            testCaseTask "A state that waits for a person ends the trial" (fun () ->
                task {
                    let text =
                        "open GopherFlow.FSharp\nlet go (_: Step) = goto \"Ask\"\nlet w = workflow \"W\" { start \"Go\" go [ \"Ask\" ]; manual \"Ask\" [ \"Done\" ]; finish \"Done\" }\n"

                    let! report = tryWith TrialOptions.defaults (ScriptSource.single "W.fsx" text)
                    Expect.equal report.Ended TrialEnd.WaitsForPerson "ended"
                    Expect.equal report.Reason "Waits in state 'Ask' for a person to move it." "reason"
                })

            testTheoryTask
                "A wait for a signal is skipped to its deadline, and without a deadline the trial ends"
                [
                    " |> orAfter (days 3) \"Late\"", TrialEnd.ReachedError, "state 'Late'"
                    "", TrialEnd.WaitsForSignal, "before state 'Done' for the signal 'yes' or 'no', which nobody sends."
                ]
                (fun (deadline: string, ended: TrialEnd, reason: string) ->
                    task {
                        let text =
                            "open GopherFlow.FSharp\n"
                            + $"let go (_: Step) = waitFor [ \"yes\"; \"no\" ] \"Done\"{deadline}\n"
                            + "let undo (_: Step) = goto \"Late\"\n"
                            + "let w = workflow \"W\" {\n    onCancel \"Undo\"\n    start \"Go\" go [ \"Done\"; \"Late\" ]\n"
                            + "    state \"Undo\" undo [ \"Late\" ]\n    error \"Late\"\n    finish \"Done\"\n}\n"

                        let! report = tryWith TrialOptions.defaults (ScriptSource.single "W.fsx" text)
                        Expect.equal report.Ended ended "ended"
                        Expect.stringContains report.Reason reason "reason"
                    })

            testCaseTask "OnCommit fails in a trial because there is no connection" (fun () ->
                task {
                    let! report =
                        tryCode
                            "let work (step: Step) =\n    step.OnCommit(fun _ _ -> Task.CompletedTask)\n    goto \"Done\""

                    Expect.equal report.Ended TrialEnd.Failed "ended"

                    Expect.stringContains
                        report.Steps.Head.Error.Value.Text
                        "has no connection to give to an OnCommit callback"
                        "text"
                })

            testTheoryTask "Variables that are not an object are rejected" [ "[1]"; "{" ] (fun (variables: string) ->
                task {
                    let! report =
                        tryWith
                            {
                                TrialOptions.defaults with
                                    Variables = variables
                            }
                            (Scripts.script Scripts.valid)

                    Expect.equal report.Ended TrialEnd.Refused "ended"
                    Expect.stringContains report.Reason "not a JSON object" "reason"
                })
        ]
