namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// When to try again: once Wait has passed since the timestamp Since.
type private Retry = { Since: int64; Wait: TimeSpan }

/// What the catalogue has last published.
type private Published = {
    Revision: int64
    Current: Map<string, WorkflowDefinition>
    Older: Set<string * string>
    /// Only when a current version could not be loaded.
    Retry: Retry option
}

/// Keeps what this process runs in step with the scripts in the database: the current version of each that is enabled, and those
/// older versions that unfinished workflows are on.
[<Sealed>]
type internal ScriptCatalogue
    (
        registry: DefinitionRegistry,
        versions: LoadedVersions,
        scripts: IScriptStore,
        workflows: IWorkflowStore,
        clock: TimeProvider,
        log: ILogger
    ) =
    let firstWait = TimeSpan.FromSeconds 10.
    let longestWait = TimeSpan.FromMinutes 5.
    let gate = new SemaphoreSlim(1)

    let mutable published = {
        Revision = -1L
        Current = Map.empty
        Older = Set.empty
        Retry = None
    }

    /// The scripts that were warned about because the program has a workflow of the same name.
    let mutable warned: Set<string> = Set.empty

    let keyOf (name, version) = DefinitionKey(name, version)

    let isOfProgram (script: ScriptRecord) = registry.IsOfProgram script.Name

    let current (script: ScriptRecord) =
        match script.CurrentVersion with
        | null -> None
        | version -> Some(script.Name, version)

    /// The definition of a current version. If it cannot be loaded here, an error with the one that ran until now, which continues. An
    /// error of the store that will pass, such as a lost connection, is thrown: it says nothing about the script.
    let load (name: string, version: string) : Task<string * Result<WorkflowDefinition, WorkflowDefinition option>> =
        task {
            try
                use! opened = versions.LoadAsync(keyOf (name, version), CancellationToken.None)
                return name, Ok opened.Definition
            with reason when not (workflows.IsTransient reason) ->
                log.LogError(reason, "Script {Name} version {Version} does not run in this process", name, version)
                return name, Error(Map.tryFind name published.Current)
        }

    let loadAll (current: (string * string) list) =
        task {
            let outcomes =
                ResizeArray<string * Result<WorkflowDefinition, WorkflowDefinition option>>()

            for version in current do
                let! outcome = load version
                outcomes.Add outcome

            return List.ofSeq outcomes
        }

    /// Less and less often: a script that stays faulty is compiled each time.
    let retryAfter (former: Retry option) : Retry =
        let wait =
            match former with
            | Some retry -> min (retry.Wait * 2.) longestWait
            | None -> firstWait

        {
            Since = clock.GetTimestamp()
            Wait = wait
        }

    let isDue (retry: Retry) =
        clock.GetElapsedTime(retry.Since) >= retry.Wait

    /// Warns once about each enabled script that has the name of a workflow of the program.
    let warnOf (taken: ScriptRecord list) =
        for name, _ in List.choose current taken do
            if not (warned.Contains name) then
                warned <- warned.Add name

                log.LogWarning(
                    "Script {Name} starts no workflows in this process, because its program has a workflow of that name in C#, which wins. Workflows that the script has begun continue; disable it when they have ended",
                    name
                )

    let unfinished (names: Set<string>) cancellation =
        task {
            let! counts = workflows.CountsAsync cancellation

            return
                counts
                |> Seq.filter (fun count -> names.Contains count.WorkflowType && not (count.Status.IsFinal()))
                |> Seq.map (fun count -> count.WorkflowType, count.Version)
                |> Set.ofSeq
        }

    /// The candidates that are script versions: a program, here or elsewhere, may have unfinished workflows under a script's name.
    let storedOf (candidates: Set<string * string>) =
        task {
            let known = ResizeArray<string * string>()

            for name in Set.map fst candidates do
                let! outlines = scripts.ScriptVersionsAsync(name, CancellationToken.None)
                known.AddRange(outlines |> Seq.map (fun outline -> name, outline.Version))

            return Set.intersect candidates (Set.ofSeq known)
        }

    let publish revision (stored: ScriptRecord list) (inFlight: Set<string * string>) =
        task {
            let enabled, disabled = stored |> List.partition _.Enabled
            let taken, free = enabled |> List.partition isOfProgram
            warnOf taken
            let! outcomes = loadAll (List.choose current free)

            let definitions =
                outcomes
                |> List.choose (fun (name, outcome) ->
                    match outcome with
                    | Ok definition
                    | Error(Some definition) -> Some(name, definition)
                    | Error None -> None)

            let newest = definitions |> List.map snd

            let running =
                newest
                |> List.map (fun definition -> definition.Name, definition.Version)
                |> Set.ofList

            let names = enabled |> List.map _.Name |> Set.ofList

            let! older =
                storedOf (Set.filter (fun (name, _) -> names.Contains name) inFlight - running)

            let stopped = disabled |> List.filter (isOfProgram >> not) |> List.map _.Name

            registry.Replace(versions, newest, older |> Seq.map keyOf |> List.ofSeq, stopped)
            versions.Keep(HashSet(Seq.append running older |> Seq.map keyOf))

            let former =
                if revision = published.Revision then
                    published.Retry
                else
                    None

            published <- {
                Revision = revision
                Current = Map.ofSeq definitions
                Older = inFlight
                Retry =
                    if outcomes |> List.exists (snd >> Result.isError) then
                        Some(retryAfter former)
                    else
                        None
            }
        }

    /// Looks whether anything has changed, and if so, publishes it.
    member _.RefreshAsync(cancellation: CancellationToken) : Task =
        task {
            do! gate.WaitAsync cancellation

            try
                let! revision = scripts.RevisionAsync cancellation

                if revision > 0L then
                    let! stored = scripts.ScriptsAsync cancellation
                    let stored = List.ofSeq stored
                    let! inFlight = unfinished (stored |> List.map _.Name |> Set.ofList) cancellation

                    let isNew = revision <> published.Revision || inFlight <> published.Older

                    if isNew || Option.exists isDue published.Retry then
                        do! publish revision stored inFlight
            finally
                gate.Release() |> ignore
        }

    interface IDisposable with
        member _.Dispose() = gate.Dispose()
