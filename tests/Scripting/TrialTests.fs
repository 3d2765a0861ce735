namespace GopherFlow.Scripting.Tests

open System
open System.Threading.Tasks
open GopherFlow.Scripting
open Xunit

[<Collection "compiler">]
type TrialTests(warm: WarmCompiler) =

    let tryWith (options: TrialOptions) source =
        task {
            let! result = Scripts.compile warm.Compiler source
            use script = Scripts.loaded result
            return! ScriptTrial.RunAsync options script
        }

    let tryCode code =
        tryWith TrialOptions.defaults (Scripts.script code)

    let states (report: TrialReport) =
        report.Steps |> List.map (fun step -> $"{step.State} -> {step.Next}")

    [<Fact>]
    member _.``The demo runs to its end and skips its waits``() =
        task {
            let! report = tryWith TrialOptions.defaults (Scripts.demo "DemoScript.fsx")
            Assert.Equal(TrialEnd.ReachedEnd, report.Ended)
            Assert.Equal<string list>([ "Init -> Review"; "Review -> Approve"; "Approve -> Finish" ], states report)
            Assert.Equal(Some(TimeSpan.FromMinutes 5.), report.Steps[0].Skipped)
            Assert.Equal(Some(TimeSpan.FromSeconds 30.), report.Steps[1].Skipped)
            Assert.Equal(TimeSpan.FromSeconds 330., report.VirtualTime)
            Assert.Contains("\"name\":\"Julian2\"", report.Variables)
            Assert.Contains("Information: Reviewing Julian, who is 33", report.Steps[1].Log)
        }

    [<Fact>]
    member _.``A parent runs with its real children``() =
        task {
            let! child = Scripts.compile warm.Compiler (Scripts.demo "DemoChildScript.fsx")
            use child = Scripts.loaded child

            let! report =
                tryWith
                    {
                        TrialOptions.defaults with
                            Others = [ child.Definition ]
                    }
                    (Scripts.demo "DemoParentScript.fsx")

            Assert.Equal(TrialEnd.ReachedEnd, report.Ended)

            Assert.Equal(
                2,
                report.Steps
                |> List.filter (fun step -> step.Next = "ChildFinish")
                |> List.length
            )

            Assert.Equal("ParentFinish", report.State)
        }

    [<Fact>]
    member _.``A child of a type that nobody runs fails as in the engine``() =
        task {
            let! report = tryWith TrialOptions.defaults (Scripts.demo "DemoParentScript.fsx")
            Assert.Equal(TrialEnd.Failed, report.Ended)
            Assert.Contains("There is no definition 'DemoChildScript'", report.Reason)
        }

    [<Fact>]
    member _.``A failing state is retried without waiting, then the workflow has failed``() =
        task {
            let! report = tryCode "let work (step: Step) : NextState = failwith \"no luck\""
            Assert.Equal(TrialEnd.Failed, report.Ended)
            Assert.Equal<int list>([ 1..11 ], report.Steps |> List.map _.Attempt)
            Assert.Contains("no luck", report.Reason)
        }

    [<Fact>]
    member _.``A workflow that goes round ends at the step limit``() =
        task {
            let! report =
                tryWith
                    {
                        TrialOptions.defaults with
                            StepLimit = 7
                    }
                    (Scripts.script "let work (step: Step) = goto \"Work\" |> after (days 400)")

            Assert.Equal(TrialEnd.StepLimit, report.Ended)
            Assert.Equal(7, report.Steps.Length)
        }

    [<Theory>]
    [<InlineData("let work (step: Step) = (while true do ()); goto \"Done\"")>]
    [<InlineData("let work (step: Step) = Thread.Sleep Timeout.Infinite; goto \"Done\"")>]
    [<InlineData("let work (step: Step) = task {\n    do! Task.Delay -1\n    return goto \"Done\" }")>]
    [<InlineData("let work (step: Step) = task {\n    do! Task.Yield()\n    while true do ()\n    return goto \"Done\" }")>]
    [<InlineData("let work (step: Step) = async {\n    do! Async.Sleep 1\n    while true do ()\n    return goto \"Done\" }")>]
    member _.``A state function that does not end is ended``(code: string) =
        task {
            let! report =
                tryWith
                    {
                        TrialOptions.defaults with
                            TimeLimit = TimeSpan.FromSeconds 0.7
                    }
                    (Scripts.script code)

            Assert.Equal(TrialEnd.TimeLimit, report.Ended)
            Assert.Equal("The limit of 0.7 s passed while the function of 'Work' ran.", report.Reason)
        }

    [<Fact>]
    member _.``A wait of the engine's clock inside of a function is skipped``() =
        task {
            let! report =
                tryCode
                    "let work (step: Step) = task {\n    do! Task.Delay(TimeSpan.FromDays 3., step.Clock)\n    return goto \"Done\" }"

            Assert.Equal(TrialEnd.ReachedEnd, report.Ended)
            Assert.Equal(TimeSpan.FromDays 3., report.VirtualTime)
        }

    [<Fact>]
    member _.``A call that is really waited for does not make the clock run``() =
        task {
            let! report =
                tryCode "let work (step: Step) = task {\n    do! Task.Delay 300\n    return goto \"Done\" }"

            Assert.Equal(TrialEnd.ReachedEnd, report.Ended)
            Assert.Equal(TimeSpan.Zero, report.VirtualTime)
        }

    [<Fact>]
    member _.``A state that waits for a person ends the trial``() =
        task {
            let text =
                "open GopherFlow.FSharp\nlet go (_: Step) = goto \"Ask\"\nlet w = workflow \"W\" { start \"Go\" go [ \"Ask\" ]; manual \"Ask\" [ \"Done\" ]; finish \"Done\" }\n"

            let! report = tryWith TrialOptions.defaults (ScriptSource.single "W.fsx" text)
            Assert.Equal(TrialEnd.WaitsForPerson, report.Ended)
            Assert.Equal("Waits in state 'Ask' for a person to move it.", report.Reason)
        }

    [<Fact>]
    member _.``OnCommit has no connection in a trial, and the trace says so``() =
        task {
            let! report =
                tryCode "let work (step: Step) =\n    step.OnCommit(fun _ _ -> Task.CompletedTask)\n    goto \"Done\""

            Assert.Equal(TrialEnd.Failed, report.Ended)
            Assert.Contains("has no connection to give to an OnCommit callback", report.Steps.Head.Error.Value.Text)
        }

    [<Theory>]
    [<InlineData("[1]")>]
    [<InlineData("{")>]
    member _.``Variables that are no object are refused``(variables: string) =
        task {
            let! report =
                tryWith
                    {
                        TrialOptions.defaults with
                            Variables = variables
                    }
                    (Scripts.script Scripts.sound)

            Assert.Equal(TrialEnd.Refused, report.Ended)
            Assert.Contains("not a JSON object", report.Reason)
        }
