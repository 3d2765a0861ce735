namespace GopherFlow.Deployment.Tests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Hosting
open GopherFlow.Scripting
open GopherFlow.Storage
open Microsoft.Data.Sqlite
open Expecto
open GopherFlow.TestSupport

/// The scripts that a process runs when a C# workflow has the same name, and when a script cannot be loaded.
module CatalogueTests =
    let tests (compiler: ScriptCompiler) =
        let cancellation = CancellationToken.None

        let one, two =
            Sources.versionOf (Sources.parker "one"), Sources.versionOf (Sources.parker "two")

        let deployed (scripts: ScriptProcess) name text =
            task {
                match! scripts.Operations.DeployAsync(name, text, "ada", cancellation) with
                | Deployed _ -> ()
                | other -> failtestf "Expected a deployment; got %A" other
            }

        /// Starts a workflow and returns it when it is in the given state.
        let startedInto state (scripts: ScriptProcess) name externalId =
            task {
                let! id = scripts.Engine.CreateAsync(name, externalId)
                return! scripts.Engine.UntilAsync(id, fun workflow -> workflow.State = state)
            }

        /// A C# workflow Parker that sleeps for an hour.
        let ofProgram =
            let go (_: StepContext) =
                NextState.GoTo("Rest").After(TimeSpan.FromHours 1.)

            let rest (_: StepContext) = NextState.GoTo "Done"

            WorkflowDefinitionBuilder
                .Named("Parker")
                .Start("Go", Func<StepContext, NextState>(go), [| "Rest" |])
                .State("Rest", Func<StepContext, NextState>(rest), [| "Done" |])
                .End("Done")
                .Build()

        let register (flow: GopherFlowRegistration) = flow.AddDefinition ofProgram |> ignore

        let other =
            (Sources.parker "one").Replace("workflow \"Parker\"", "workflow \"Other\"")

        /// The versions on which new workflows start.
        let newest (scripts: ScriptProcess) =
            scripts.Engine.Registry.All |> Seq.map _.Version |> List.ofSeq

        let breakable kind =
            task {
                let clock = VirtualClock()
                let! store = TestStore.OpenAsync(kind, clock)
                let broken = BreakableScripts store.Scripts

                let! scripts =
                    ScriptProcess.StartAsync(store, clock, compiler, scripts = (broken :> IScriptStore))

                return store, clock, broken, scripts
            }

        /// A process that has unloaded version one, after which another process has rolled back to it.
        let rolledBack kind =
            task {
                let! store, clock, broken, scripts = breakable kind
                do! deployed scripts "Parker" (Sources.parker "one")
                do! deployed scripts "Parker" (Sources.parker "two")

                let! _ =
                    store.Scripts.ActivateScriptAsync("Parker", one, clock.GetUtcNow(), cancellation)

                return store, clock, broken, scripts
            }

        testList "Catalogue" [
            testCaseTask
                "A C# workflow takes precedence over a script of the same name, and other scripts run"
                (fun () ->
                    task {
                        let clock = VirtualClock()
                        use! store = TestStore.OpenAsync(StoreKind.Sqlite, clock)
                        use! first = ScriptProcess.StartAsync(store, clock, compiler)
                        do! deployed first "Parker" (Sources.parker "one")
                        do! deployed first "Other" other
                        let! old = startedInto "Second" first "Parker" "old"
                        let! _ = first.Engine.StopAsync()

                        use! second = ScriptProcess.StartAsync(store, clock, compiler, register)
                        do! second.PollAsync()
                        let! _ = startedInto "Second" second "Other" "other"
                        let! _ = startedInto "Rest" second "Parker" "by the program"

                        let! _ = second.Operations.EnableAsync("Parker", false, cancellation)
                        let! _ = startedInto "Rest" second "Parker" "while the script is disabled"

                        let! _ = second.Operations.EnableAsync("Parker", true, cancellation)
                        clock.Advance(TimeSpan.FromHours 1.)
                        let! finished = second.Engine.UntilAsync(old.Id, WorkflowStatus.Finished)
                        Expect.equal finished.Version one "the old workflow ran on the script"

                        let warnings =
                            second.Logs.Lines |> Seq.filter _.Contains("a workflow of that name in C#")

                        let warning = Expect.single warnings "warned once"
                        Expect.stringStarts warning "Warning: Script Parker" "warning"
                    })

            testCaseTask "A workflow of another program with the name of a script is left to that program" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.Sqlite, clock)
                    use! elsewhere = ScriptProcess.StartAsync(store, clock, compiler, register)
                    let! _ = startedInto "Rest" elsewhere "Parker" "by the program"

                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    do! deployed scripts "Parker" (Sources.parker "one")
                    do! scripts.PollAsync()

                    Expect.equal
                        (List.ofSeq scripts.Engine.Registry.Runnable)
                        [ DefinitionKey("Parker", one) ]
                        "runnable"
                })

            testCaseTask "A failed load is retried after 10 seconds, then after 20" (fun () ->
                task {
                    let! store, clock, broken, scripts = rolledBack StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    broken.FailNext(InvalidDataException "It cannot be read.")
                    broken.FailNext(InvalidDataException "It cannot be read this time either.")

                    let newestAfter (seconds: float) =
                        task {
                            clock.Advance(TimeSpan.FromSeconds seconds)
                            do! scripts.PollAsync()
                            return newest scripts
                        }

                    let! atOnce = newestAfter 0.
                    let! tooEarly = newestAfter 9.
                    let! failedAgain = newestAfter 1.
                    let! tooEarlyAgain = newestAfter 19.
                    let! loaded = newestAfter 1.

                    Expect.equal
                        [ atOnce; tooEarly; failedAgain; tooEarlyAgain; loaded ]
                        [ [ two ]; [ two ]; [ two ]; [ two ]; [ one ] ]
                        "newest"

                    let! workflow = startedInto "Second" scripts "Parker" "after"
                    Expect.equal workflow.Version one "version"
                })

            testCaseTask "A failed load keeps its back-off whatever else changes" (fun () ->
                task {
                    let! store, clock, broken, scripts = rolledBack StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    broken.FailNext(InvalidDataException "It cannot be read.")
                    do! scripts.PollAsync()

                    let! _ = startedInto "Second" scripts "Parker" "in flight"
                    do! scripts.PollAsync()
                    do! deployed scripts "Other" other
                    Expect.contains (newest scripts) two "before the retry"

                    clock.Advance(TimeSpan.FromSeconds 10.)
                    do! scripts.PollAsync()
                    Expect.contains (newest scripts) one "after the retry"
                })

            testCaseTask "Workflows that start and end on the current version raise no change event" (fun () ->
                task {
                    let! store, clock, _, scripts = breakable StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    do! deployed scripts "Parker" (Sources.parker "one")
                    do! scripts.PollAsync()
                    let changes = ConcurrentQueue<string>()
                    scripts.Engine.Registry.add_Changed (Action(fun () -> changes.Enqueue "changed"))

                    let! workflow = startedInto "Second" scripts "Parker" "passing"
                    do! scripts.PollAsync()
                    clock.Advance(TimeSpan.FromHours 1.)
                    let! _ = scripts.Engine.UntilAsync(workflow.Id, WorkflowStatus.Finished)
                    do! scripts.PollAsync()
                    Expect.isEmpty changes "change events"
                })

            testCaseTask "A change that cannot be applied at once is kept and applied by the next poll" (fun () ->
                task {
                    let! store, _, broken, scripts = breakable StoreKind.Sqlite
                    use store = store
                    use scripts = scripts
                    broken.FailNextPoll(SqliteException("database is locked", 5))
                    do! deployed scripts "Parker" (Sources.parker "one")
                    Expect.isEmpty (newest scripts) "not yet"
                    do! scripts.PollAsync()
                    Expect.equal (newest scripts) [ one ] "deployed"

                    broken.FailNextPoll(SqliteException("database is locked", 5))
                    let! isKnown = scripts.Operations.EnableAsync("Parker", false, cancellation)
                    Expect.isTrue isKnown "known"
                    do! scripts.PollAsync()
                    Expect.isEmpty (newest scripts) "disabled"

                    let logs = scripts.Logs.Lines |> Seq.filter _.Contains("could not apply it yet")
                    Expect.equal (Seq.length logs) 2 "logged"
                })

            testCaseTask "Rolling back to a deleted version changes nothing" (fun () ->
                task {
                    let! store, _, broken, scripts = breakable StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    do! deployed scripts "Parker" (Sources.parker "one")
                    do! deployed scripts "Parker" (Sources.parker "two")
                    broken.Lose one
                    let! outcome = scripts.Operations.RollBackAsync("Parker", None, cancellation)
                    Expect.equal outcome (VersionGone one) "outcome"
                    Expect.equal (newest scripts) [ two ] "newest"
                })

            testCaseTask "A failed poll publishes nothing, and the next one does" (fun () ->
                task {
                    let! store, _, broken, scripts = rolledBack StoreKind.Sqlite
                    use store = store
                    use scripts = scripts
                    broken.FailNext(SqliteException("database is locked", 5))

                    let! _ = Expect.throwsTask<SqliteException>(fun () -> scripts.PollAsync())
                    Expect.equal (newest scripts) [ two ] "before"
                    do! scripts.PollAsync()
                    Expect.equal (newest scripts) [ one ] "after"
                })
        ]
