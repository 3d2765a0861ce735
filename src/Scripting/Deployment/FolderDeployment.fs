namespace GopherFlow.Scripting

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// The state of a folder after a poll.
type internal FolderSeen = {
    /// The stamps of scripts and libraries. None when the folder must be read again after an error.
    Stamp: (FolderStamp * FolderStamp) option
    /// The stamp of the libraries when the scripts were last read.
    Libraries: FolderStamp
    /// The version of each script that has been processed.
    Known: Map<string, string>
    /// The processed scripts that were refused. They are retried when the libraries change.
    Refused: Set<string>
    /// The scripts (name and version) that were in the folder at startup and are not processed yet. None until the folder has been read.
    AtStart: Map<string, string> option
}

/// Deploys the scripts of a folder at startup, and each script that is saved later. It polls, because not every file system that a
/// container mounts sends change notifications.
[<Sealed>]
type internal FolderDeployment
    (folder: string, deployment: ScriptDeployment, scripts: IScriptStore, clock: TimeProvider, log: ILogger) =
    let interval = TimeSpan.FromMilliseconds 250.
    let pauseAfterError = TimeSpan.FromSeconds 2.

    [<Literal>]
    let Origin = "folder"

    let stamp () =
        FolderStamp.ofScripts folder, FolderStamp.ofLibraries folder

    /// The scripts of the folder, without files that another script loads.
    let read () : ScriptSource list =
        let sources = ScriptFolder.read folder

        let parts =
            sources
            |> List.collect (fun source -> source.Loaded |> Map.toList |> List.map fst)
            |> Set.ofList

        sources |> List.filter (fun source -> not (parts.Contains source.Name))

    /// Deploys a script. Returns whether it was refused.
    let deploy (source: ScriptSource) (cancellation: CancellationToken) : Task<bool> =
        task {
            match! deployment.DeployAsync(source, Origin, folder, cancellation) with
            | Refused _ -> return true
            | Deployed _
            | Unchanged _ -> return false
        }

    let logKeptVersion (name: string) (version: string) (script: ScriptRecord | null) =
        match script with
        | NonNull script when script.CurrentVersion <> version ->
            log.LogWarning(
                "Script {Name} in the folder is version {Version}, but version {Current} was made current later and stays",
                name,
                version,
                script.CurrentVersion
            )
        | _ -> ()

    /// At startup: a version that is already in the database is not deployed again, so that a restart does not undo a rollback.
    let deployNew (source: ScriptSource) (cancellation: CancellationToken) : Task<bool> =
        task {
            let name, version = StoredScript.nameOf source, ScriptVersion.Of source

            match! scripts.FindScriptVersionAsync(name, version, cancellation) with
            | null -> return! deploy source cancellation
            | _ ->
                let! script = scripts.FindScriptAsync(name, cancellation)
                logKeptVersion name version script
                return false
        }

    /// Deploys a refused script again, unless its diagnostics are gone because another version was deployed or rolled back to since.
    let deployRefused (source: ScriptSource) (cancellation: CancellationToken) : Task<bool> =
        task {
            match! scripts.FindScriptAsync(StoredScript.nameOf source, cancellation) with
            | null -> return false
            | script ->
                match script.Diagnostics with
                | NonNull diagnostics when diagnostics.Version = ScriptVersion.Of source ->
                    return! deploy source cancellation
                | _ -> return false
        }

    /// Processes scripts and returns those that succeeded, each with whether it was refused. Failed ones, for example because the database
    /// was unreachable, are left out and retried later.
    let processAll (handle: ScriptSource -> CancellationToken -> Task<bool>) sources (cancellation: CancellationToken) =
        task {
            let processed = ResizeArray<ScriptSource * bool>()

            for source: ScriptSource in sources do
                try
                    let! isRefused = handle source cancellation
                    processed.Add(source, isRefused)
                with failure when not cancellation.IsCancellationRequested ->
                    log.LogError(failure, "Script {Name} could not be deployed; trying again", source.Name)

            return List.ofSeq processed
        }

    let versionsOf (sources: ScriptSource list) =
        sources
        |> List.map (fun source -> source.Name, ScriptVersion.Of source)
        |> Map.ofList

    /// Waits until the folder has not changed for one interval, so that no half-written file is read.
    let rec waitUntilStable before (cancellation: CancellationToken) =
        task {
            do! Task.Delay(interval, clock, cancellation)
            let now = stamp ()

            if now <> before then
                return! waitUntilStable now cancellation
        }

    let logRemoved known found =
        for name in Map.keys known do
            if not (Map.containsKey name found) then
                log.LogWarning(
                    "Script {Name} is no longer in the folder, but its workflows continue. Disable it to stop them",
                    name
                )

    /// Processes new and changed scripts, and refused ones again when the libraries have changed.
    let processChanges (seen: FolderSeen) (stamp: FolderStamp * FolderStamp) (cancellation: CancellationToken) =
        task {
            let libraries = snd stamp
            let sources = read ()
            let found = versionsOf sources
            logRemoved seen.Known found
            let atStart = defaultArg seen.AtStart found

            let isAtStart (source: ScriptSource) =
                Map.tryFind source.Name atStart = Some found[source.Name]

            let isKnown (source: ScriptSource) =
                Map.tryFind source.Name seen.Known = Some found[source.Name]

            let isProcessed (source: ScriptSource) =
                isKnown source
                && (libraries = seen.Libraries || not (seen.Refused.Contains source.Name))

            let same, changed = sources |> List.partition isProcessed

            let handle source =
                if isAtStart source then deployNew source
                elif isKnown source then deployRefused source
                else deploy source

            let! outcomes = processAll handle changed cancellation
            let processed = List.map fst outcomes
            let refused = outcomes |> List.filter snd |> List.map fst

            let refusedBefore =
                same |> List.filter (fun source -> seen.Refused.Contains source.Name)

            return {
                Stamp =
                    if processed.Length = changed.Length then
                        Some stamp
                    else
                        None
                Libraries = libraries
                Known = versionsOf (same @ processed)
                Refused = refused @ refusedBefore |> List.map _.Name |> Set.ofList
                AtStart =
                    Some(List.fold (fun left (source: ScriptSource) -> Map.remove source.Name left) atStart processed)
            }
        }

    let poll seen (cancellation: CancellationToken) =
        task {
            let now = stamp ()

            if seen.Stamp = Some now then
                return seen
            else
                return! processChanges seen now cancellation
        }

    /// A folder that cannot be read is an error that is logged and retried.
    let tryPoll seen (cancellation: CancellationToken) =
        task {
            try
                return! poll seen cancellation
            with
            | :? IOException
            | :? UnauthorizedAccessException as failure ->
                log.LogError(failure, "The folder of scripts {Folder} cannot be read; trying again", folder)
                return { seen with Stamp = None }
        }

    /// Waits until the folder has changed and is stable again, or for a pause after an error.
    let waitForChange seen (cancellation: CancellationToken) =
        task {
            try
                match seen.Stamp with
                | None -> do! Task.Delay(pauseAfterError, clock, cancellation)
                | Some before ->
                    do! Task.Delay(interval, clock, cancellation)
                    let now = stamp ()

                    if now <> before then
                        do! waitUntilStable now cancellation
            with
            | :? IOException
            | :? UnauthorizedAccessException ->
                // The next poll hits the same error and logs it.
                ()
        }

    /// Deploys the scripts that are in the folder now.
    member _.StartAsync(cancellation: CancellationToken) =
        tryPoll
            {
                Stamp = None
                Libraries = Set.empty
                Known = Map.empty
                Refused = Set.empty
                AtStart = None
            }
            cancellation

    /// Deploys changed scripts until it is cancelled.
    member _.WatchAsync(seen: FolderSeen, cancellation: CancellationToken) : Task =
        task {
            let mutable seen = seen

            while not cancellation.IsCancellationRequested do
                do! waitForChange seen cancellation
                let! next = tryPoll seen cancellation
                seen <- next
        }
