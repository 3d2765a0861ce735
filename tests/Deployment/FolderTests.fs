namespace GopherFlow.Deployment.Tests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open GopherFlow.Scripting
open GopherFlow.TestSupport
open Microsoft.Extensions.Logging
open Xunit

/// A store whose first look for a version fails, as when the database is away.
type private AwayOnce(inner: IScriptStore) =
    let mutable away = true

    interface IScriptStore with
        member _.FindScriptVersionAsync(name, version, cancellation) =
            if away then
                away <- false
                raise (IOException "The database is away.")

            inner.FindScriptVersionAsync(name, version, cancellation)

        member _.RevisionAsync cancellation = inner.RevisionAsync cancellation
        member _.ScriptsAsync cancellation = inner.ScriptsAsync cancellation

        member _.FindScriptAsync(name, cancellation) =
            inner.FindScriptAsync(name, cancellation)

        member _.ScriptVersionsAsync(name, cancellation) =
            inner.ScriptVersionsAsync(name, cancellation)

        member _.DeployScriptAsync(version, definition, cancellation) =
            inner.DeployScriptAsync(version, definition, cancellation)

        member _.ActivateScriptAsync(name, version, now, cancellation) =
            inner.ActivateScriptAsync(name, version, now, cancellation)

        member _.EnableScriptAsync(name, enabled, now, cancellation) =
            inner.EnableScriptAsync(name, enabled, now, cancellation)

        member _.SaveScriptDiagnosticsAsync(name, diagnostics, cancellation) =
            inner.SaveScriptDiagnosticsAsync(name, diagnostics, cancellation)

/// A folder of scripts, read at the start and watched.
[<Collection "compiler">]
type FolderTests(warm: WarmCompiler) =
    let cancellation = TestContext.Current.CancellationToken

    let newFolder () =
        Directory.CreateTempSubdirectory("gopherflow-scripts-").FullName

    let write folder name (text: string) =
        File.WriteAllText(Path.Combine(folder, name), text)

    let folderOf (store: TestStore) (scripts: ScriptProcess) folder =
        FolderDeployment(
            folder,
            scripts.Deployment,
            store.Scripts,
            TimeProvider.System,
            (scripts.Logs :> ILoggerFactory).CreateLogger "folder"
        )

    let currentOf (store: TestStore) name =
        task {
            match! store.Scripts.FindScriptAsync(name, cancellation) with
            | null -> return None
            | script -> return Option.ofObj script.CurrentVersion
        }

    /// What is waited for happens in another part of the process, which tells nobody but the store.
    let rec until limit (condition: unit -> Task<bool>) : Task<unit> =
        task {
            match! condition () with
            | true -> return ()
            | false when limit < DateTime.UtcNow -> failwith "It did not happen in time."
            | false ->
                do! Task.Yield()
                return! until limit condition
        }

    let within (span: TimeSpan) condition =
        until (DateTime.UtcNow + span) condition

    [<Fact>]
    member _.``What is there is deployed, what is loaded by another is no script, and a fault holds up nobody else``() =
        task {
            let clock = VirtualClock()
            use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
            use! scripts = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            let folder = newFolder ()
            write folder "Words.fsx" "let answer = \"from afar\""
            write folder "Parker.fsx" ("#load \"Words.fsx\"\n" + Sources.parker "one")
            write folder "Broken.fsx" Sources.faulty

            let! _ = (folderOf store scripts folder).StartAsync cancellation

            let! found = store.Scripts.ScriptsAsync cancellation
            Assert.Equal([ "Broken"; "Parker" ], found |> Seq.map _.Name)
            Assert.Equal([ true; false ], found |> Seq.map (fun script -> isNull script.CurrentVersion))
            Directory.Delete(folder, true)
        }

    [<Fact>]
    member _.``A restart does not undo a roll back``() =
        task {
            let clock = VirtualClock()
            use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
            use! scripts = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            let folder = newFolder ()

            let! _ =
                scripts.Operations.DeployAsync("Parker", Sources.parker "one", "ada", cancellation)

            write folder "Parker.fsx" (Sources.parker "two")
            let! _ = (folderOf store scripts folder).StartAsync cancellation
            let! _ = scripts.Operations.RollBackAsync("Parker", None, cancellation)

            let! _ = (folderOf store scripts folder).StartAsync cancellation

            let! current = currentOf store "Parker"
            Assert.Equal(Some(Sources.versionOf (Sources.parker "one")), current)
            Directory.Delete(folder, true)
        }

    [<Fact>]
    member _.``A script that is saved is deployed, also when what it loads is saved``() =
        task {
            let clock = VirtualClock()
            use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
            use! scripts = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            let folder = newFolder ()
            let watched = folderOf store scripts folder
            let! seen = watched.StartAsync cancellation
            use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
            let watching = watched.WatchAsync(seen, stop.Token)

            write folder "Words.fsx" "let answer = \"first\""
            let text = "#load \"Words.fsx\"\n" + Sources.parker "one"
            write folder "Parker.fsx" text
            let mutable first = None

            do!
                within (TimeSpan.FromSeconds 30.) (fun () ->
                    task {
                        let! current = currentOf store "Parker"
                        first <- current
                        return current.IsSome
                    })

            write folder "Words.fsx" "let answer = \"second\""

            do!
                within (TimeSpan.FromSeconds 30.) (fun () ->
                    task {
                        let! current = currentOf store "Parker"
                        return current <> first
                    })

            stop.Cancel()
            let! _ = Assert.ThrowsAnyAsync<OperationCanceledException>(fun () -> watching)
            Directory.Delete(folder, true)
        }

    [<Fact>]
    member _.``A database that is away at the start ends nothing, and the script is deployed when it is back``() =
        task {
            let clock = VirtualClock()
            use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
            use! scripts = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            let folder = newFolder ()
            write folder "Parker.fsx" (Sources.parker "one")
            let log = (scripts.Logs :> ILoggerFactory).CreateLogger "folder"

            let watched =
                FolderDeployment(folder, scripts.Deployment, AwayOnce store.Scripts, TimeProvider.System, log)

            let! seen = watched.StartAsync cancellation
            let! nothing = currentOf store "Parker"
            Assert.Equal(None, nothing)

            use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
            let watching = watched.WatchAsync(seen, stop.Token)

            do!
                within (TimeSpan.FromSeconds 30.) (fun () ->
                    task {
                        let! current = currentOf store "Parker"
                        return current.IsSome
                    })

            stop.Cancel()
            let! _ = Assert.ThrowsAnyAsync<OperationCanceledException>(fun () -> watching)
            Directory.Delete(folder, true)
        }

    [<Fact>]
    member _.``Nor does one during which the database is away``() =
        task {
            let clock = VirtualClock()
            use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
            use! scripts = ScriptProcess.StartAsync(store, clock, warm.Compiler)
            let folder = newFolder ()

            let! _ =
                scripts.Operations.DeployAsync("Parker", Sources.parker "one", "ada", cancellation)

            write folder "Parker.fsx" (Sources.parker "two")
            let! _ = (folderOf store scripts folder).StartAsync cancellation
            let! _ = scripts.Operations.RollBackAsync("Parker", None, cancellation)
            let logs = new LogCollector()
            let log = (logs :> ILoggerFactory).CreateLogger "folder"

            let watched =
                FolderDeployment(folder, scripts.Deployment, AwayOnce store.Scripts, TimeProvider.System, log)

            let! seen = watched.StartAsync cancellation
            use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
            let watching = watched.WatchAsync(seen, stop.Token)

            do!
                within (TimeSpan.FromSeconds 30.) (fun () ->
                    task {
                        let! current = currentOf store "Parker"
                        let isTwo = current = Some(Sources.versionOf (Sources.parker "two"))
                        return isTwo || logs.Lines |> Seq.exists _.Contains("was made current later and stays")
                    })

            let! current = currentOf store "Parker"
            Assert.Equal(Some(Sources.versionOf (Sources.parker "one")), current)
            stop.Cancel()
            let! _ = Assert.ThrowsAnyAsync<OperationCanceledException>(fun () -> watching)
            Directory.Delete(folder, true)
        }
