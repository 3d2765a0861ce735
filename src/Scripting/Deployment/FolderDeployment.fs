namespace GopherFlow.Scripting

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Persistence
open Microsoft.Extensions.Logging

/// Deploys the scripts of a folder at the start, and each that is saved afterwards. It looks often instead of being told, for not
/// every file system that a container mounts tells of changes.
[<Sealed>]
type internal FolderDeployment
    (folder: string, deployment: ScriptDeployment, scripts: IScriptStore, clock: TimeProvider, log: ILogger) =
    let interval = TimeSpan.FromMilliseconds 250.

    [<Literal>]
    let Origin = "folder"

    /// What tells two states of the folder apart without reading it.
    let stamp () =
        DirectoryInfo(folder).EnumerateFiles()
        |> Seq.filter (fun file -> file.Extension = StoredScript.Extension || file.Extension = ".fs")
        |> Seq.map (fun file -> file.Name, file.LastWriteTimeUtc, file.Length)
        |> Set.ofSeq

    /// Scripts by name; a file that another loads is a part of that one and no script itself.
    let read () : ScriptSource list =
        let sources = ScriptFolder.read folder

        let parts =
            sources
            |> List.collect (fun source -> source.Loaded |> Map.toList |> List.map fst)
            |> Set.ofList

        sources |> List.filter (fun source -> not (parts.Contains source.Name))

    let deploy (source: ScriptSource) (cancellation: CancellationToken) : Task =
        deployment.DeployAsync(source, Origin, folder, cancellation)

    /// At the start: what is in the database already stays as it is there, so that a restart does not undo a roll back.
    let deployNew (source: ScriptSource) (cancellation: CancellationToken) : Task =
        task {
            let name, version = StoredScript.nameOf source, ScriptVersion.Of source

            match! scripts.FindScriptVersionAsync(name, version, cancellation) with
            | null -> do! deploy source cancellation
            | _ ->
                match! scripts.FindScriptAsync(name, cancellation) with
                | NonNull script when script.CurrentVersion <> version ->
                    log.LogWarning(
                        "Script {Name} in the folder is version {Version}, but version {Current} was made current later and stays",
                        name,
                        version,
                        script.CurrentVersion
                    )
                | _ -> ()
        }

    /// Those that could be dealt with, which a refusal is too. The others, for which the database was away perhaps, are tried again.
    let dealWith (handle: ScriptSource -> CancellationToken -> Task) sources (cancellation: CancellationToken) =
        task {
            let dealtWith = ResizeArray<ScriptSource>()

            for source: ScriptSource in sources do
                try
                    do! handle source cancellation
                    dealtWith.Add source
                with failure when not cancellation.IsCancellationRequested ->
                    log.LogError(failure, "Script {Name} could not be deployed; trying again", source.Name)

            return List.ofSeq dealtWith
        }

    let versionsOf (sources: ScriptSource list) =
        sources
        |> List.map (fun source -> source.Name, ScriptVersion.Of source)
        |> Map.ofList

    let wait (cancellation: CancellationToken) =
        Task.Delay(interval, clock, cancellation)

    /// Waits until the folder is as it was a moment ago, so that no half-written file is read.
    let rec settled before (cancellation: CancellationToken) =
        task {
            do! wait cancellation
            let now = stamp ()

            if now = before then
                return now
            else
                return! settled now cancellation
        }

    let tellOfGone known found =
        for name in Map.keys known do
            if not (Map.containsKey name found) then
                log.LogWarning(
                    "Script {Name} is no longer in the folder; its workflows go on. Disable it to stop them",
                    name
                )

    /// What is known now, and whether nothing is left to be tried again.
    let change known (cancellation: CancellationToken) =
        task {
            let sources = read ()
            let found = versionsOf sources
            tellOfGone known found

            let same, changed =
                sources
                |> List.partition (fun source -> Map.tryFind source.Name known = Some found[source.Name])

            let! dealtWith = dealWith deploy changed cancellation
            return versionsOf (same @ dealtWith), dealtWith.Length = changed.Length
        }

    /// Deploys what is there now.
    member _.StartAsync(cancellation: CancellationToken) =
        task {
            let before = stamp ()
            let sources = read ()
            let! dealtWith = dealWith deployNew sources cancellation
            let all = dealtWith.Length = sources.Length
            return (if all then before else Set.empty), versionsOf dealtWith
        }

    /// Deploys what changes, until it is cancelled.
    member _.WatchAsync(before, known, cancellation: CancellationToken) : Task =
        task {
            let mutable seen = before
            let mutable known = known

            while not cancellation.IsCancellationRequested do
                do! wait cancellation

                try
                    if stamp () <> seen then
                        let! now = settled (stamp ()) cancellation
                        let! dealtWith, all = change known cancellation
                        known <- dealtWith
                        seen <- if all then now else Set.empty
                with
                | :? IOException
                | :? UnauthorizedAccessException as trouble ->
                    log.LogError(trouble, "The folder of scripts cannot be read")
        }
