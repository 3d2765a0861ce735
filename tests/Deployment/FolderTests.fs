namespace GopherFlow.Deployment.Tests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Scripting
open Microsoft.Extensions.Logging
open Expecto
open GopherFlow.TestSupport

/// The scripts folder: read at startup and then watched.
module FolderTests =
    let tests (compiler: ScriptCompiler) =
        let cancellation = CancellationToken.None

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

        let failOnce (store: TestStore) =
            let scripts = BreakableScripts store.Scripts
            scripts.FailNext(IOException "The database is unavailable.")
            scripts

        let currentOf (store: TestStore) name =
            task {
                match! store.Scripts.FindScriptAsync(name, cancellation) with
                | null -> return None
                | script -> return Option.ofObj script.CurrentVersion
            }

        /// Polls the condition, because the watcher only reports through the store.
        let rec until limit (condition: unit -> Task<bool>) : Task<unit> =
            task {
                match! condition () with
                | true -> return ()
                | false when limit < DateTime.UtcNow -> failwith "The condition was not met in time."
                | false ->
                    do! Task.Yield()
                    return! until limit condition
            }

        let within (span: TimeSpan) condition =
            until (DateTime.UtcNow + span) condition

        testList "Folder" [
            testCaseTask
                "Every script in the folder is deployed except loaded files, and an invalid script does not block the others"
                (fun () ->
                    task {
                        let clock = VirtualClock()
                        use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                        use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                        let folder = newFolder ()
                        write folder "Words.fsx" "let answer = \"from afar\""
                        write folder "Parker.fsx" ("#load \"Words.fsx\"\n" + Sources.parker "one")
                        write folder "Broken.fsx" Sources.faulty

                        let! _ = (folderOf store scripts folder).StartAsync cancellation

                        let! found = store.Scripts.ScriptsAsync cancellation
                        Expect.equal (found |> Seq.map _.Name |> List.ofSeq) [ "Broken"; "Parker" ] "name"

                        Expect.equal
                            (found |> Seq.map (fun script -> isNull script.CurrentVersion) |> List.ofSeq)
                            [ true; false ]
                            "current version"

                        Directory.Delete(folder, true)
                    })

            testCaseTask "A restart does not undo a rollback" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    let folder = newFolder ()

                    let! _ =
                        scripts.Operations.DeployAsync("Parker", Sources.parker "one", "ada", cancellation)

                    write folder "Parker.fsx" (Sources.parker "two")
                    let! _ = (folderOf store scripts folder).StartAsync cancellation
                    let! _ = scripts.Operations.RollBackAsync("Parker", None, cancellation)

                    let! _ = (folderOf store scripts folder).StartAsync cancellation

                    let! current = currentOf store "Parker"
                    Expect.equal current (Some(Sources.versionOf (Sources.parker "one"))) "current"
                    Directory.Delete(folder, true)
                })

            testCaseTask "A script is deployed when it or a file that it loads is saved" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
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
                    let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> watching)
                    Directory.Delete(folder, true)
                })

            testCaseTask
                "A rejected script is deployed when its missing library appears, unless another version was deployed meanwhile"
                (fun () ->
                    task {
                        let clock = VirtualClock()
                        use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                        let folder = newFolder ()
                        let lib = Path.Combine(folder, "lib")

                        use compiler =
                            new ScriptCompiler(
                                {
                                    ScriptCompilerOptions.defaults with
                                        Libraries = Some lib
                                }
                            )

                        use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                        let refused = "#r \"Expecto.dll\"\n" + Sources.parker "one"
                        write folder "Parker.fsx" refused
                        write folder "Walker.fsx" (refused.Replace("Parker", "Walker"))
                        let watched = folderOf store scripts folder
                        let! seen = watched.StartAsync cancellation
                        let! none = currentOf store "Walker"
                        Expect.equal none None "refused"
                        let newer = Sources.parker "two"
                        let! _ = scripts.Operations.DeployAsync("Parker", newer, "ada", cancellation)
                        use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
                        let watching = watched.WatchAsync(seen, stop.Token)

                        Directory.CreateDirectory lib |> ignore
                        File.Copy(typeof<Test>.Assembly.Location, Path.Combine(lib, "Expecto.dll"))

                        do!
                            within (TimeSpan.FromSeconds 30.) (fun () ->
                                task {
                                    let! current = currentOf store "Walker"
                                    return current.IsSome
                                })

                        // Scripts are deployed in the order of their names, so Parker has been handled before Walker.
                        let! stays = currentOf store "Parker"
                        Expect.equal stays (Some(Sources.versionOf newer)) "deployed meanwhile"
                        stop.Cancel()
                        let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> watching)
                        Directory.Delete(folder, true)
                    })

            testCaseTask "A script behind a symbolic link is deployed when the link changes" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    let folder = newFolder ()

                    // The layout of a mounted Kubernetes ConfigMap.
                    let linkTo version =
                        let data = Directory.CreateDirectory(Path.Combine(folder, $"..{version}"))
                        write data.FullName "Parker.fsx" (Sources.parker version)
                        let link = Path.Combine(folder, "..data")
                        File.Delete link
                        File.CreateSymbolicLink(link, $"..{version}") |> ignore

                    linkTo "one"

                    File.CreateSymbolicLink(Path.Combine(folder, "Parker.fsx"), Path.Combine("..data", "Parker.fsx"))
                    |> ignore

                    let watched = folderOf store scripts folder
                    let! seen = watched.StartAsync cancellation
                    let! first = currentOf store "Parker"
                    Expect.equal first (Some(Sources.versionOf (Sources.parker "one"))) "at the start"
                    use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
                    let watching = watched.WatchAsync(seen, stop.Token)

                    linkTo "two"

                    do!
                        within (TimeSpan.FromSeconds 30.) (fun () ->
                            task {
                                let! current = currentOf store "Parker"
                                return current = Some(Sources.versionOf (Sources.parker "two"))
                            })

                    stop.Cancel()
                    let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> watching)
                    Directory.Delete(folder, true)
                })

            testCaseTask "A script is deployed later when the database is unavailable at startup" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    let folder = newFolder ()
                    write folder "Parker.fsx" (Sources.parker "one")
                    let log = (scripts.Logs :> ILoggerFactory).CreateLogger "folder"

                    let watched =
                        FolderDeployment(folder, scripts.Deployment, failOnce store, TimeProvider.System, log)

                    let! seen = watched.StartAsync cancellation
                    let! nothing = currentOf store "Parker"
                    Expect.equal nothing None "nothing"

                    use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
                    let watching = watched.WatchAsync(seen, stop.Token)

                    do!
                        within (TimeSpan.FromSeconds 30.) (fun () ->
                            task {
                                let! current = currentOf store "Parker"
                                return current.IsSome
                            })

                    stop.Cancel()
                    let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> watching)
                    Directory.Delete(folder, true)
                })

            testCaseTask "A restart while the database is unavailable does not undo a rollback" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    let folder = newFolder ()

                    let! _ =
                        scripts.Operations.DeployAsync("Parker", Sources.parker "one", "ada", cancellation)

                    write folder "Parker.fsx" (Sources.parker "two")
                    let! _ = (folderOf store scripts folder).StartAsync cancellation
                    let! _ = scripts.Operations.RollBackAsync("Parker", None, cancellation)
                    let logs = new LogCollector()
                    let log = (logs :> ILoggerFactory).CreateLogger "folder"

                    let watched =
                        FolderDeployment(folder, scripts.Deployment, failOnce store, TimeProvider.System, log)

                    let! seen = watched.StartAsync cancellation
                    use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
                    let watching = watched.WatchAsync(seen, stop.Token)

                    do!
                        within (TimeSpan.FromSeconds 30.) (fun () ->
                            task {
                                let! current = currentOf store "Parker"
                                let isTwo = current = Some(Sources.versionOf (Sources.parker "two"))

                                return
                                    isTwo || logs.Lines |> Seq.exists _.Contains("was made current later and stays")
                            })

                    let! current = currentOf store "Parker"
                    Expect.equal current (Some(Sources.versionOf (Sources.parker "one"))) "current"
                    stop.Cancel()
                    let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> watching)
                    Directory.Delete(folder, true)
                })
        ]
