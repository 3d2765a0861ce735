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

/// Which scripts of the database a process runs when its program has a workflow of the same name, and when one could not be loaded.
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

        /// Starts a workflow, and gives it back when it is in that state.
        let startedInto state (scripts: ScriptProcess) name externalId =
            task {
                let! id = scripts.Engine.CreateAsync(name, externalId)
                return! scripts.Engine.UntilAsync(id, fun workflow -> workflow.State = state)
            }

        /// A workflow Parker in C#, which rests for an hour.
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

        /// A process that has let version one go, and then another process has rolled back to it.
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
                "A workflow of the program wins over a script of its name, and all other scripts run"
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
                        do! second.LookAsync()
                        let! _ = startedInto "Second" second "Other" "other"
                        let! _ = startedInto "Rest" second "Parker" "by the program"

                        let! _ = second.Operations.EnableAsync("Parker", false, cancellation)
                        let! _ = startedInto "Rest" second "Parker" "while the script is disabled"

                        let! _ = second.Operations.EnableAsync("Parker", true, cancellation)
                        clock.Advance(TimeSpan.FromHours 1.)
                        let! finished = second.Engine.UntilAsync(old.Id, WorkflowStatus.Finished)
                        Expect.equal finished.Version one "the old one ran on the script"

                        let warnings =
                            second.Logs.Lines |> Seq.filter _.Contains("a workflow of that name in C#")

                        let warning = Expect.single warnings "warned once"
                        Expect.stringStarts warning "Warning: Script Parker" "warning"
                    })

            testCaseTask "What a program elsewhere has begun under the name of a script is left to it" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.Sqlite, clock)
                    use! elsewhere = ScriptProcess.StartAsync(store, clock, compiler, register)
                    let! _ = startedInto "Rest" elsewhere "Parker" "by the program"

                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    do! deployed scripts "Parker" (Sources.parker "one")
                    do! scripts.LookAsync()

                    Expect.equal
                        (List.ofSeq scripts.Engine.Registry.Runnable)
                        [ DefinitionKey("Parker", one) ]
                        "runnable"
                })

            testCaseTask "What could not be loaded is tried again after 10 seconds, then after 20" (fun () ->
                task {
                    let! store, clock, broken, scripts = rolledBack StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    broken.FailNext(InvalidDataException "It cannot be read.")
                    broken.FailNext(InvalidDataException "It cannot be read this time either.")

                    let newestAfter (seconds: float) =
                        task {
                            clock.Advance(TimeSpan.FromSeconds seconds)
                            do! scripts.LookAsync()
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

            testCaseTask "What could not be loaded waits for its time, whatever else changes" (fun () ->
                task {
                    let! store, clock, broken, scripts = rolledBack StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    broken.FailNext(InvalidDataException "It cannot be read.")
                    do! scripts.LookAsync()

                    let! _ = startedInto "Second" scripts "Parker" "in flight"
                    do! scripts.LookAsync()
                    do! deployed scripts "Other" other
                    Expect.contains (newest scripts) two "before its time"

                    clock.Advance(TimeSpan.FromSeconds 10.)
                    do! scripts.LookAsync()
                    Expect.contains (newest scripts) one "in its time"
                })

            testCaseTask "Workflows that come and go on the current version change nothing" (fun () ->
                task {
                    let! store, clock, _, scripts = breakable StoreKind.InMemory
                    use store = store
                    use scripts = scripts
                    do! deployed scripts "Parker" (Sources.parker "one")
                    do! scripts.LookAsync()
                    let told = ConcurrentQueue<string>()
                    scripts.Engine.Registry.add_Changed (Action(fun () -> told.Enqueue "changed"))

                    let! workflow = startedInto "Second" scripts "Parker" "passing"
                    do! scripts.LookAsync()
                    clock.Advance(TimeSpan.FromHours 1.)
                    let! _ = scripts.Engine.UntilAsync(workflow.Id, WorkflowStatus.Finished)
                    do! scripts.LookAsync()
                    Expect.isEmpty told "told"
                })

            testCaseTask "A change that cannot be taken up at once stands, and the next look takes it up" (fun () ->
                task {
                    let! store, _, broken, scripts = breakable StoreKind.Sqlite
                    use store = store
                    use scripts = scripts
                    broken.FailNextLook(SqliteException("database is locked", 5))
                    do! deployed scripts "Parker" (Sources.parker "one")
                    Expect.isEmpty (newest scripts) "not yet"
                    do! scripts.LookAsync()
                    Expect.equal (newest scripts) [ one ] "deployed"

                    broken.FailNextLook(SqliteException("database is locked", 5))
                    let! isKnown = scripts.Operations.EnableAsync("Parker", false, cancellation)
                    Expect.isTrue isKnown "known"
                    do! scripts.LookAsync()
                    Expect.isEmpty (newest scripts) "disabled"

                    let told = scripts.Logs.Lines |> Seq.filter _.Contains("could not take it up")
                    Expect.equal (Seq.length told) 2 "told"
                })

            testCaseTask "A version that is deleted meanwhile is not rolled back to" (fun () ->
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

            testCaseTask "A look that the database breaks off publishes nothing, and the next one does" (fun () ->
                task {
                    let! store, _, broken, scripts = rolledBack StoreKind.Sqlite
                    use store = store
                    use scripts = scripts
                    broken.FailNext(SqliteException("database is locked", 5))

                    let! _ = Expect.throwsTask<SqliteException>(fun () -> scripts.LookAsync())
                    Expect.equal (newest scripts) [ two ] "before"
                    do! scripts.LookAsync()
                    Expect.equal (newest scripts) [ one ] "after"
                })
        ]
