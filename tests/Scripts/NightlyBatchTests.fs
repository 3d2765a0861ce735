namespace GopherFlow.Scripts.Tests

open GopherFlow.Authoring
open GopherFlow.FSharp
open GopherFlow.Rules
open GopherFlow.Storage
open Xunit

[<Collection "scripts">]
type NightlyBatchTests(scripts: LoadedScripts) =

    [<Fact>]
    member _.``It works each night at its time, until it is told to stop``() =
        task {
            let! definition = scripts.Definition "NightlyBatch"
            use! engine = Engine.start [ definition ]
            let! id = Engine.create engine "NightlyBatch" """{"at":"03:30"}"""
            // The clock begins at midnight.
            do! Engine.pass engine id "Work" (hours 3.5)
            do! Engine.pass engine id "Work" (days 1)

            let! parked =
                engine.UntilAsync(id, (fun (workflow: WorkflowRecord) -> workflow.Step = 5))

            Assert.Equal("""{"night":"2026-01-02","handled":102}""", (Variables.Parse parked.StateVars)["report"])

            let! _ =
                engine.Operations.SetVariableAsync(
                    id,
                    VariableValue("stop", "\"yes\""),
                    "ann",
                    TestContext.Current.CancellationToken
                )

            do! Engine.pass engine id "Work" (days 1)
            let! variables = Engine.ends engine id "Stopped" WorkflowStatus.Finished
            let! told = Engine.told engine id

            Assert.Equal("""{"night":"2026-01-02","handled":102}""", variables["report"])
            Assert.Equal(2, told |> List.filter _.EndsWith("accounts") |> List.length)
        }

    [<Fact>]
    member _.``Its time of day is two in the morning unless it is told another``() =
        task {
            let! definition = scripts.Definition "NightlyBatch"
            use! engine = Engine.start [ definition ]
            let! id = Engine.create engine "NightlyBatch" "{}"
            do! Engine.pass engine id "Work" (hours 2)
            let! _ = engine.UntilAsync(id, (fun (workflow: WorkflowRecord) -> workflow.Step = 3))
            ()
        }

    [<Fact>]
    member _.``A time that is none fails at once and says so``() =
        task {
            let! definition = scripts.Definition "NightlyBatch"
            use! engine = Engine.start [ definition ]
            let! id = Engine.create engine "NightlyBatch" """{"at":"2 o'clock"}"""
            let! _ = Engine.ends engine id "Plan" WorkflowStatus.Failed
            ()
        }
