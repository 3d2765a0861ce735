namespace GopherFlow.Scripting

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// What has been seen of a folder.
type internal FolderSeen = {
    /// How scripts and libraries looked; None when they have to be looked at again after trouble.
    Stamp: (FolderStamp * FolderStamp) option
    /// The libraries at the last look at the scripts.
    Libraries: FolderStamp
    /// The version of each script that has been dealt with.
    Known: Map<string, string>
    /// Those of them that were refused: another library may help.
    Refused: Set<string>
    /// Once the folder has been read, the version of each script that was there at the start and still has to be dealt with.
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

    let stamp () =
        FolderStamp.ofScripts folder, FolderStamp.ofLibraries folder

    /// Scripts by name; a file that another loads is a part of that one and no script itself.
    let read () : ScriptSource list =
        let sources = ScriptFolder.read folder

        let parts =
            sources
            |> List.collect (fun source -> source.Loaded |> Map.toList |> List.map fst)
            |> Set.ofList

        sources |> List.filter (fun source -> not (parts.Contains source.Name))

    /// Whether it is refused.
    let deploy (source: ScriptSource) (cancellation: CancellationToken) : Task<bool> =
        task {
            match! deployment.DeployAsync(source, Origin, folder, cancellation) with
            | Refused _ -> return true
            | Deployed _
            | Unchanged _ -> return false
        }

    let tellOfStaying (name: string) (version: string) (script: ScriptRecord | null) =
        match script with
        | NonNull script when script.CurrentVersion <> version ->
            log.LogWarning(
                "Script {Name} in the folder is version {Version}, but version {Current} was made current later and stays",
                name,
                version,
                script.CurrentVersion
            )
        | _ -> ()

    /// At the start: what is in the database already stays as it is there, so that a restart does not undo a roll back.
    let deployNew (source: ScriptSource) (cancellation: CancellationToken) : Task<bool> =
        task {
            let name, version = StoredScript.nameOf source, ScriptVersion.Of source

            match! scripts.FindScriptVersionAsync(name, version, cancellation) with
            | null -> return! deploy source cancellation
            | _ ->
                let! script = scripts.FindScriptAsync(name, cancellation)
                tellOfStaying name version script
                return false
        }

    /// Deploys a refused script again, unless somebody has deployed or rolled back to another version since. That clears the diagnostics.
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

    /// Those that could be dealt with, and whether they were refused. The others, for which the database was away perhaps, are tried again.
    let dealWith (handle: ScriptSource -> CancellationToken -> Task<bool>) sources (cancellation: CancellationToken) =
        task {
            let dealtWith = ResizeArray<ScriptSource * bool>()

            for source: ScriptSource in sources do
                try
                    let! isRefused = handle source cancellation
                    dealtWith.Add(source, isRefused)
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

    /// Deals with what has not been dealt with, and once more with what was refused when there are other libraries.
    let lookAgain (seen: FolderSeen) (stamp: FolderStamp * FolderStamp) (cancellation: CancellationToken) =
        task {
            let libraries = snd stamp
            let sources = read ()
            let found = versionsOf sources
            tellOfGone seen.Known found
            let atStart = defaultArg seen.AtStart found

            let isAtStart (source: ScriptSource) =
                Map.tryFind source.Name atStart = Some found[source.Name]

            let isKnown (source: ScriptSource) =
                Map.tryFind source.Name seen.Known = Some found[source.Name]

            let isDealtWith (source: ScriptSource) =
                isKnown source
                && (libraries = seen.Libraries || not (seen.Refused.Contains source.Name))

            let same, changed = sources |> List.partition isDealtWith

            let handle source =
                if isAtStart source then deployNew source
                elif isKnown source then deployRefused source
                else deploy source

            let! outcomes = dealWith handle changed cancellation
            let dealtWith = List.map fst outcomes
            let refused = outcomes |> List.filter snd |> List.map fst

            let refusedBefore =
                same |> List.filter (fun source -> seen.Refused.Contains source.Name)

            return {
                Stamp =
                    if dealtWith.Length = changed.Length then
                        Some stamp
                    else
                        None
                Libraries = libraries
                Known = versionsOf (same @ dealtWith)
                Refused = refused @ refusedBefore |> List.map _.Name |> Set.ofList
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
                Libraries = Set.empty
                Known = Map.empty
                Refused = Set.empty
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
