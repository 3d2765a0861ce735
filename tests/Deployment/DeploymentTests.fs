namespace GopherFlow.Deployment.Tests

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Hosting
open GopherFlow.Operations
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

/// Deploying, rolling back and disabling scripts, with workflows in flight.
module DeploymentTests =
    let tests (compiler: ScriptCompiler) =
        let cancellation = CancellationToken.None

        let deploy (scripts: ScriptProcess) text =
            scripts.Operations.DeployAsync("Parker", text, "ada", cancellation)

        let deployed (scripts: ScriptProcess) text =
            task {
                let! outcome = deploy scripts text
                Expect.equal outcome (Deployed(Sources.versionOf text)) "outcome"
            }

        let open' kind =
            task {
                let clock = VirtualClock()
                let! store = TestStore.OpenAsync(kind, clock)
                let! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                return store, clock, scripts
            }

        let parked (scripts: ScriptProcess) externalId =
            task {
                let! id = scripts.Engine.CreateAsync("Parker", externalId)
                let! _ = scripts.Engine.UntilAsync(id, fun workflow -> workflow.State = "Second")
                return id
            }

        let ranOn (scripts: ScriptProcess) id =
            task {
                let! workflow = scripts.Engine.UntilAsync(id, WorkflowStatus.Finished)
                return workflow.Version, string (Variables.Parse(workflow.StateVars)["ran"])
            }

        testList "Deployment" [
            testTheoryTask
                "A thousand workflows in flight finish on their version, and new ones use the new version"
                [ StoreKind.InMemory; StoreKind.Sqlite ]
                (fun (kind) ->
                    task {
                        let! store, clock, scripts = open' kind
                        use store = store
                        use scripts = scripts
                        do! deployed scripts (Sources.parker "one")
                        let! old = Task.WhenAll [ for number in 1..1000 -> parked scripts $"old-{number}" ]

                        do! deployed scripts (Sources.parker "two")
                        let! young = Task.WhenAll [ for number in 1..10 -> parked scripts $"young-{number}" ]
                        clock.Advance(TimeSpan.FromHours 1.)

                        let! oldRan = Task.WhenAll [ for id in old -> ranOn scripts id ]
                        let! youngRan = Task.WhenAll [ for id in young -> ranOn scripts id ]

                        Expect.equal
                            (List.distinct (List.ofArray oldRan))
                            [ Sources.versionOf (Sources.parker "one"), "one" ]
                            "old ran"

                        Expect.equal
                            (List.distinct (List.ofArray youngRan))
                            [ Sources.versionOf (Sources.parker "two"), "two" ]
                            "young ran"
                    })

            testCaseTask "An invalid version changes nothing, and its errors are stored with the script" (fun () ->
                task {
                    let! store, clock, scripts = open' StoreKind.Sqlite
                    use store = store
                    use scripts = scripts
                    do! deployed scripts (Sources.parker "one")

                    let! outcome = deploy scripts Sources.faulty

                    let faults =
                        match outcome with
                        | Refused faults -> faults
                        | _ -> []

                    Expect.isNonEmpty faults "errors"
                    let! details = scripts.Operations.FindAsync("Parker", cancellation)
                    Expect.equal details.Value.Diagnostics faults "diagnostics"

                    Expect.equal
                        details.Value.Current.Value.Version
                        (Sources.versionOf (Sources.parker "one"))
                        "version"

                    let! id = parked scripts "still"
                    clock.Advance(TimeSpan.FromHours 1.)
                    let! _, ran = ranOn scripts id
                    Expect.equal ran "one" "ran"

                    do! deployed scripts (Sources.parker "two")
                    let! repaired = scripts.Operations.FindAsync("Parker", cancellation)
                    Expect.isEmpty repaired.Value.Diagnostics "diagnostics"
                })

            testTheoryTask "A function that throws is logged with its file and line" [ 6; 40 ] (fun line ->
                task {
                    let! store, _, scripts = open' StoreKind.InMemory
                    use store = store
                    use scripts = scripts

                    let! _ =
                        scripts.Operations.DeployAsync("Thrower", Sources.thrower line, "ada", cancellation)

                    let! id = scripts.Engine.CreateAsync "Thrower"
                    let! _ = scripts.Engine.UntilAsync(id, WorkflowStatus.Failed)
                    do! EngineHarness.UntilLoggedAsync(scripts.Logs, "failed in state Work")
                    let failure = Seq.exactlyOne scripts.Logs.Failures
                    Expect.equal failure.Message "thrown on purpose" "message"
                    Expect.stringContains (string failure.StackTrace) $"Thrower.fsx:line {line}" "stack"
                })

            testCaseTask "A script can only use webhooks that are in the settings" (fun () ->
                task {
                    let! store, _, scripts = open' StoreKind.InMemory
                    use store = store
                    use scripts = scripts

                    let naming webhook =
                        (Sources.parker "one").Replace("description", $"webhook \"{webhook}\"\n        description")

                    do! deployed scripts (naming "shop")
                    let! refused = deploy scripts (naming "desk")
                    let! checked' = scripts.Operations.CheckAsync("Parker", naming "desk", cancellation)

                    let text =
                        match refused with
                        | Refused [ fault ] -> fault.Text
                        | _ -> ""

                    Expect.equal text "Parker: does not know desk" "deployed"
                    Expect.equal (checked'.Diagnostics |> List.map _.Text) [ text ] "checked"
                })

            testCaseTask "A script whose webhook was removed from the settings gives one warning" (fun () ->
                task {
                    let! store, clock, scripts = open' StoreKind.InMemory
                    use store = store
                    use scripts = scripts

                    let naming version =
                        (Sources.parker version).Replace("description", "webhook \"shop\"\n        description")

                    do! deployed scripts (naming "one")
                    use! other = ScriptProcess.StartAsync(store, clock, compiler, webhooks = [])
                    do! other.PollAsync()
                    let! _ = scripts.Operations.EnableAsync("Parker", false, cancellation)
                    do! other.PollAsync()
                    let! _ = scripts.Operations.EnableAsync("Parker", true, cancellation)
                    do! other.PollAsync()

                    let warnings (scripts: ScriptProcess) =
                        scripts.Logs.Lines |> Seq.filter _.Contains("does not know shop") |> List.ofSeq

                    let warning = Expect.single (warnings other) "warned once"
                    Expect.stringStarts warning "Warning: Script Parker version " "warning"
                    Expect.isEmpty (warnings scripts) "no warning where it is in the settings"
                })

            testCaseTask "A script is rolled back and forward" (fun () ->
                task {
                    let! store, _, scripts = open' StoreKind.Sqlite
                    use store = store
                    use scripts = scripts

                    let one, two =
                        Sources.versionOf (Sources.parker "one"), Sources.versionOf (Sources.parker "two")

                    do! deployed scripts (Sources.parker "one")
                    do! deployed scripts (Sources.parker "two")

                    let! back = scripts.Operations.RollBackAsync("Parker", None, cancellation)
                    Expect.equal back (RolledBack one) "back"
                    let! id = parked scripts "after"
                    let! workflow = scripts.Engine.FindAsync id
                    Expect.equal workflow.Version one "version"

                    let! again = scripts.Operations.RollBackAsync("Parker", None, cancellation)

                    Expect.equal
                        again
                        (NothingToRollBackTo "Script Parker has no version before the current one.")
                        "again"

                    let! forward = scripts.Operations.RollBackAsync("Parker", Some two, cancellation)
                    Expect.equal forward (RolledBack two) "forward"
                    let! unknown = scripts.Operations.RollBackAsync("Parker", Some "cafe", cancellation)

                    Expect.equal
                        unknown
                        (NothingToRollBackTo $"Script Parker has no version cafe; it has {two}, {one}.")
                        "unknown"

                    let! missing = scripts.Operations.RollBackAsync("Nobody", None, cancellation)
                    Expect.equal missing (NothingToRollBackTo "There is no script Nobody.") "no such script"
                })

            testCaseTask "Workflows of a disabled script neither start nor run until it is enabled" (fun () ->
                task {
                    let! store, clock, scripts = open' StoreKind.Sqlite
                    use store = store
                    use scripts = scripts
                    do! deployed scripts (Sources.parker "one")
                    let! id = parked scripts "before"

                    let! _ = scripts.Operations.EnableAsync("Parker", false, cancellation)
                    clock.Advance(TimeSpan.FromHours 2.)

                    let! fault =
                        Expect.throwsTask<RejectedRequestException>(fun () ->
                            scripts.Engine.CreateAsync("Parker", "no"))

                    Expect.stringContains fault.Message "this one is disabled" "message"
                    let! waiting = scripts.Engine.FindAsync id
                    Expect.equal waiting.Status WorkflowStatus.InProgress "status"

                    let! _ = scripts.Operations.EnableAsync("Parker", true, cancellation)
                    let! _, ran = ranOn scripts id
                    Expect.equal ran "one" "ran"
                    let! unknown = scripts.Operations.EnableAsync("Nobody", true, cancellation)
                    Expect.isFalse unknown "unknown"
                })

            testCaseTask "A deployed script runs in other processes, including one that starts later" (fun () ->
                task {
                    let! store, clock, first = open' StoreKind.Sqlite
                    use store = store
                    use first = first
                    use! second = ScriptProcess.StartAsync(store, clock, compiler)
                    do! deployed first (Sources.parker "one")
                    do! second.PollAsync()
                    use! third = ScriptProcess.StartAsync(store, clock, compiler)
                    do! third.PollAsync()

                    for scripts, externalId in [ second, "by the second"; third, "by the third" ] do
                        let key = DefinitionKey("Parker", Sources.versionOf (Sources.parker "one"))
                        Expect.contains scripts.Engine.Registry.Runnable key "runnable"
                        let! id = parked scripts externalId
                        let! workflow = scripts.Engine.FindAsync id
                        Expect.equal workflow.Version key.Version "version"
                })

            testCaseTask "A move to an older version needs a rollback to it first" (fun () ->
                task {
                    let! store, clock, scripts = open' StoreKind.Sqlite
                    use store = store
                    use scripts = scripts

                    let one, two =
                        Sources.versionOf (Sources.parker "one"), Sources.versionOf (Sources.parker "two")

                    do! deployed scripts (Sources.parker "one")
                    do! deployed scripts (Sources.parker "two")
                    let! id = parked scripts "moved"

                    let move =
                        MoveVersions(Name = "Parker", From = two, To = one, DryRun = false, Actor = "ada")

                    let! _ =
                        Expect.throwsTask<RejectedRequestException>(fun () ->
                            scripts.Engine.Versions.MoveAsync(move, cancellation))

                    let! _ = scripts.Operations.RollBackAsync("Parker", Some one, cancellation)

                    let! result = scripts.Engine.Versions.MoveAsync(move, cancellation)
                    Expect.equal result.Moved 1L "moved"
                    do! scripts.PollAsync()
                    clock.Advance(TimeSpan.FromHours 1.)
                    let! ran = ranOn scripts id
                    Expect.equal ran (one, "one") "ran"
                })

            testCaseTask "A script must have the name of its workflow, and not that of a C# workflow" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)

                    let program =
                        WorkflowDefinitionBuilder
                            .Named("Parker")
                            .Start("Go", Func<StepContext, NextState>(fun _ -> NextState.GoTo "Done"), [| "Done" |])
                            .End("Done")
                            .Build()

                    use! scripts =
                        ScriptProcess.StartAsync(
                            store,
                            clock,
                            compiler,
                            fun (g: GopherFlowRegistration) -> g.AddDefinition program |> ignore
                        )

                    let! ofProgram = deploy scripts (Sources.parker "one")

                    let! otherName =
                        scripts.Operations.DeployAsync("Other", Sources.parker "one", "ada", cancellation)

                    let textOf outcome =
                        match outcome with
                        | Refused [ fault ] -> fault.Text
                        | other -> string other

                    Expect.stringStarts (textOf ofProgram) "The program already has a workflow Parker" "of program"

                    Expect.stringStarts
                        (textOf otherName)
                        "The script is called Other, but its workflow is called \"Parker\""
                        "other name"
                })

            testCaseTask "Deploying the same source again changes nothing" (fun () ->
                task {
                    let! store, _, scripts = open' StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    do! deployed scripts (Sources.parker "one")
                    let! before = store.Scripts.RevisionAsync cancellation

                    let! again = deploy scripts (Sources.parker "one")
                    let! after = store.Scripts.RevisionAsync cancellation

                    Expect.equal again (Unchanged(Sources.versionOf (Sources.parker "one"))) "again"
                    Expect.equal after before "after"
                })
        ]
