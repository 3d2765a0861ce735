namespace GopherFlow.Deployment.Tests

open System
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Hosting
open GopherFlow.Operations
open GopherFlow.Scripting
open GopherFlow.TestSupport
open Xunit

/// One warm compiler for all tests, as an application has it.
type WarmCompiler() =
    let compiler = new ScriptCompiler(ScriptCompilerOptions.defaults)

    member _.Compiler = compiler

    interface IDisposable with
        member _.Dispose() = (compiler :> IDisposable).Dispose()

[<CollectionDefinition "compiler">]
type CompilerCollection() =
    interface ICollectionFixture<WarmCompiler>

/// Deploying, rolling back, disabling, and what becomes of workflows meanwhile.
[<Collection "compiler">]
type DeploymentTests(warm: WarmCompiler) =
    let cancellation = TestContext.Current.CancellationToken

    let deploy (scripts: ScriptProcess) text =
        scripts.Operations.DeployAsync("Parker", text, "ada", cancellation)

    let deployed (scripts: ScriptProcess) text =
        task {
            let! outcome = deploy scripts text
            Assert.Equal(Deployed(Sources.versionOf text), outcome)
        }

    let open' kind =
        task {
            let clock = VirtualClock()
            let! store = TestStore.OpenAsync(kind, clock)
            let! scripts = ScriptProcess.StartAsync(store, clock, warm.Compiler)
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

    [<Theory>]
    [<InlineData(StoreKind.InMemory)>]
    [<InlineData(StoreKind.Sqlite)>]
    member _.``A thousand in flight finish on the version they started on, and new ones run the new one``(kind) =
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
            Assert.Equal([ Sources.versionOf (Sources.parker "one"), "one" ], Array.distinct oldRan)
            Assert.Equal([ Sources.versionOf (Sources.parker "two"), "two" ], Array.distinct youngRan)
        }

    [<Fact>]
    member _.``A faulty version changes nothing and what is wrong with it stays beside the script``() =
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

            Assert.NotEmpty faults
            let! details = scripts.Operations.FindAsync("Parker", cancellation)
            Assert.Equal<Diagnostic list>(faults, details.Value.Diagnostics)
            Assert.Equal(Sources.versionOf (Sources.parker "one"), details.Value.Current.Value.Version)
            let! id = parked scripts "still"
            clock.Advance(TimeSpan.FromHours 1.)
            let! _, ran = ranOn scripts id
            Assert.Equal("one", ran)

            do! deployed scripts (Sources.parker "two")
            let! mended = scripts.Operations.FindAsync("Parker", cancellation)
            Assert.Empty mended.Value.Diagnostics
        }

    [<Fact>]
    member _.``Roll back is one call, and forward another``() =
        task {
            let! store, _, scripts = open' StoreKind.Sqlite
            use store = store
            use scripts = scripts

            let one, two =
                Sources.versionOf (Sources.parker "one"), Sources.versionOf (Sources.parker "two")

            do! deployed scripts (Sources.parker "one")
            do! deployed scripts (Sources.parker "two")

            let! back = scripts.Operations.RollBackAsync("Parker", None, cancellation)
            Assert.Equal(RolledBack one, back)
            let! id = parked scripts "after"
            let! workflow = scripts.Engine.FindAsync id
            Assert.Equal(one, workflow.Version)

            let! again = scripts.Operations.RollBackAsync("Parker", None, cancellation)
            Assert.Equal(NothingToRollBackTo "Script Parker has no version before the current one.", again)
            let! forward = scripts.Operations.RollBackAsync("Parker", Some two, cancellation)
            Assert.Equal(RolledBack two, forward)
            let! unknown = scripts.Operations.RollBackAsync("Parker", Some "cafe", cancellation)
            Assert.Equal(NothingToRollBackTo $"Script Parker has no version cafe; it has {two}, {one}.", unknown)
            let! nobody = scripts.Operations.RollBackAsync("Nobody", None, cancellation)
            Assert.Equal(NothingToRollBackTo "There is no script Nobody.", nobody)
        }

    [<Fact>]
    member _.``A disabled script neither starts nor runs; enabled again it goes on``() =
        task {
            let! store, clock, scripts = open' StoreKind.Sqlite
            use store = store
            use scripts = scripts
            do! deployed scripts (Sources.parker "one")
            let! id = parked scripts "before"

            let! _ = scripts.Operations.EnableAsync("Parker", false, cancellation)
            clock.Advance(TimeSpan.FromHours 2.)

            let! fault =
                Assert.ThrowsAsync<RejectedRequestException>(fun () -> scripts.Engine.CreateAsync("Parker", "no"))

            Assert.Contains("this one is disabled", fault.Message)
            let! waiting = scripts.Engine.FindAsync id
            Assert.Equal(WorkflowStatus.InProgress, waiting.Status)

            let! _ = scripts.Operations.EnableAsync("Parker", true, cancellation)
            let! _, ran = ranOn scripts id
            Assert.Equal("one", ran)
            let! unknown = scripts.Operations.EnableAsync("Nobody", true, cancellation)
            Assert.False unknown
        }

    [<Fact>]
    member _.``What one process deploys, another runs, also one that starts later``() =
        task {
            let! store, clock, first = open' StoreKind.Sqlite
            use store = store
            use first = first
            use! second = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            do! deployed first (Sources.parker "one")
            do! second.LookAsync()
            use! third = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            do! third.LookAsync()

            for scripts, externalId in [ second, "by the second"; third, "by the third" ] do
                let key = DefinitionKey("Parker", Sources.versionOf (Sources.parker "one"))
                Assert.Contains(key, scripts.Engine.Registry.Runnable)
                let! id = parked scripts externalId
                let! workflow = scripts.Engine.FindAsync id
                Assert.Equal(key.Version, workflow.Version)
        }

    [<Fact>]
    member _.``A move to an older version is run by every process``() =
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
                Assert.ThrowsAsync<RejectedRequestException>(fun () ->
                    scripts.Engine.Versions.MoveAsync(move, cancellation))

            let! _ = scripts.Operations.RollBackAsync("Parker", Some one, cancellation)

            let! result = scripts.Engine.Versions.MoveAsync(move, cancellation)
            Assert.Equal(1L, result.Moved)
            do! scripts.LookAsync()
            clock.Advance(TimeSpan.FromHours 1.)
            let! ran = ranOn scripts id
            Assert.Equal((one, "one"), ran)
        }

    [<Fact>]
    member _.``A script is called as its workflow, and not as one of the program``() =
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
                    warm.Compiler,
                    fun (g: GopherFlowRegistration) -> g.AddDefinition program |> ignore
                )

            let! ofProgram = deploy scripts (Sources.parker "one")

            let! otherName =
                scripts.Operations.DeployAsync("Other", Sources.parker "one", "ada", cancellation)

            let textOf outcome =
                match outcome with
                | Refused [ fault ] -> fault.Text
                | other -> string other

            Assert.StartsWith("The program has a workflow Parker of its own", textOf ofProgram)
            Assert.StartsWith("The script is called Other, but its workflow \"Parker\"", textOf otherName)
        }

    [<Fact>]
    member _.``The same source again changes nothing``() =
        task {
            let! store, _, scripts = open' StoreKind.InMemory
            use store = store
            use scripts = scripts
            do! deployed scripts (Sources.parker "one")
            let! before = store.Scripts.RevisionAsync cancellation

            let! again = deploy scripts (Sources.parker "one")
            let! after = store.Scripts.RevisionAsync cancellation

            Assert.Equal(Unchanged(Sources.versionOf (Sources.parker "one")), again)
            Assert.Equal(before, after)
        }
