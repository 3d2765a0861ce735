namespace GopherFlow.Scripting

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// What has been seen of a folder: how it looked, unless it has to be looked at again after trouble; the version of each script that
/// has been dealt with; and, once it has been read, of each that was there at the start and still has to be.
type internal FolderSeen = {
    Stamp: Set<string * DateTime * int64> option
    Known: Map<string, string>
    AtStart: Map<string, string> option
}

/// Deploys the scripts of a folder at the start, and each that is saved afterwards. It looks often instead of being told, for not
/// every file system that a container mounts notifies of changes.
[<Sealed>]
type internal FolderDeployment
    (folder: string, deployment: ScriptDeployment, scripts: IScriptStore, clock: TimeProvider, log: ILogger) =
    let interval = TimeSpan.FromMilliseconds 250.
    let pauseAfterTrouble = TimeSpan.FromSeconds 2.

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

    /// Waits until the folder is as it was a moment ago, so that no half-written file is read.
    let rec settled before (cancellation: CancellationToken) =
        task {
            do! Task.Delay(interval, clock, cancellation)
            let now = stamp ()

            if now <> before then
                return! settled now cancellation
        }

    let tellOfGone known found =
        for name in Map.keys known do
            if not (Map.containsKey name found) then
                log.LogWarning(
                    "Script {Name} is no longer in the folder; its workflows go on. Disable it to stop them",
                    name
                )

    /// Deals with what has not been dealt with.
    let lookAgain seen stamp (cancellation: CancellationToken) =
        task {
            let sources = read ()
            let found = versionsOf sources
            tellOfGone seen.Known found
            let atStart = defaultArg seen.AtStart found

            let isAtStart (source: ScriptSource) =
                Map.tryFind source.Name atStart = Some found[source.Name]

            let same, changed =
                sources
                |> List.partition (fun source -> Map.tryFind source.Name seen.Known = Some found[source.Name])

            let handle source =
                if isAtStart source then deployNew source else deploy source

            let! dealtWith = dealWith handle changed cancellation

            return {
                Stamp =
                    if dealtWith.Length = changed.Length then
                        Some stamp
                    else
                        None
                Known = versionsOf (same @ dealtWith)
                AtStart =
                    Some(List.fold (fun left (source: ScriptSource) -> Map.remove source.Name left) atStart dealtWith)
            }
        }

    let look seen (cancellation: CancellationToken) =
        task {
            let now = stamp ()

            if seen.Stamp = Some now then
                return seen
            else
                return! lookAgain seen now cancellation
        }

    /// A folder that cannot be read, or not at this moment, is no reason to end: it is read again.
    let tryLook seen (cancellation: CancellationToken) =
        task {
            try
                return! look seen cancellation
            with
            | :? IOException
            | :? UnauthorizedAccessException as trouble ->
                log.LogError(trouble, "The folder of scripts {Folder} cannot be read; trying again", folder)
                return { seen with Stamp = None }
        }

    /// Waits until the folder may have changed, and no longer does.
    let changed seen (cancellation: CancellationToken) =
        task {
            try
                match seen.Stamp with
                | None -> do! Task.Delay(pauseAfterTrouble, clock, cancellation)
                | Some before ->
                    do! Task.Delay(interval, clock, cancellation)
                    let now = stamp ()

                    if now <> before then
                        do! settled now cancellation
            with
            | :? IOException
            | :? UnauthorizedAccessException ->
                // Told by the look that follows, which meets it too.
                ()
        }

    /// Deploys what is there now.
    member _.StartAsync(cancellation: CancellationToken) =
        tryLook
            {
                Stamp = None
                Known = Map.empty
                AtStart = None
            }
            cancellation

    /// Deploys what changes, until it is cancelled.
    member _.WatchAsync(seen: FolderSeen, cancellation: CancellationToken) : Task =
        task {
            let mutable seen = seen

            while not cancellation.IsCancellationRequested do
                do! changed seen cancellation
                let! next = tryLook seen cancellation
                seen <- next
        }
