namespace GopherFlow.Deployment.Tests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Scripting
open Microsoft.Extensions.Logging
open Expecto
open GopherFlow.TestSupport

/// A folder of scripts, read at the start and watched.
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

        let awayOnce (store: TestStore) =
            let scripts = BreakableScripts store.Scripts
            scripts.FailNext(IOException "The database is away.")
            scripts

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

        testList "Folder" [
            testCaseTask
                "Every script of the folder is deployed, a loaded file is not a script, and a faulty one does not hold up the others"
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

            testCaseTask "A restart does not undo a roll back" (fun () ->
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

            testCaseTask "A script that is saved is deployed, also when what it loads is saved" (fun () ->
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
                "A script that was refused is deployed when the library that it asks for arrives, unless another version was meanwhile"
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

                        // They are dealt with in the order of their names.
                        let! stays = currentOf store "Parker"
                        Expect.equal stays (Some(Sources.versionOf newer)) "deployed meanwhile"
                        stop.Cancel()
                        let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> watching)
                        Directory.Delete(folder, true)
                    })

            testCaseTask "A script behind a link is deployed when the link leads elsewhere" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    let folder = newFolder ()

                    // As Kubernetes lays the files of a ConfigMap out.
                    let leadTo version =
                        let data = Directory.CreateDirectory(Path.Combine(folder, $"..{version}"))
                        write data.FullName "Parker.fsx" (Sources.parker version)
                        let link = Path.Combine(folder, "..data")
                        File.Delete link
                        File.CreateSymbolicLink(link, $"..{version}") |> ignore

                    leadTo "one"

                    File.CreateSymbolicLink(Path.Combine(folder, "Parker.fsx"), Path.Combine("..data", "Parker.fsx"))
                    |> ignore

                    let watched = folderOf store scripts folder
                    let! seen = watched.StartAsync cancellation
                    let! first = currentOf store "Parker"
                    Expect.equal first (Some(Sources.versionOf (Sources.parker "one"))) "at the start"
                    use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
                    let watching = watched.WatchAsync(seen, stop.Token)

                    leadTo "two"

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

            testCaseTask "A script is deployed later when the database is away at the start" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.InMemory, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)
                    let folder = newFolder ()
                    write folder "Parker.fsx" (Sources.parker "one")
                    let log = (scripts.Logs :> ILoggerFactory).CreateLogger "folder"

                    let watched =
                        FolderDeployment(folder, scripts.Deployment, awayOnce store, TimeProvider.System, log)

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

            testCaseTask "A restart while the database is away does not undo a roll back either" (fun () ->
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
                        FolderDeployment(folder, scripts.Deployment, awayOnce store, TimeProvider.System, log)

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
