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

/// The version that a script is to run as of its last change.
type private Wanted = {
    Name: string
    Version: string
    Changed: DateTimeOffset
}

/// What the catalogue has last published.
type private Published = {
    Revision: int64
    Current: Map<string, WorkflowDefinition>
    /// The other versions that unfinished workflows are on, also those that are no script's.
    InFlight: Set<string * string>
    /// Those of them that are a script's.
    Older: Set<string * string>
    /// What could not be loaded. Nothing but its time, or a change of the script itself, has it tried again.
    Failed: Map<Wanted, Retry>
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
        InFlight = Set.empty
        Older = Set.empty
        Failed = Map.empty
    }

    /// The scripts that were warned about because the program has a workflow of the same name.
    let mutable warned: Set<string> = Set.empty

    let keyOf (name, version) = DefinitionKey(name, version)

    let isOfProgram (script: ScriptRecord) = registry.IsOfProgram script.Name

    let wanted (script: ScriptRecord) : Wanted option =
        match script.CurrentVersion with
        | null -> None
        | version ->
            Some {
                Name = script.Name
                Version = version
                Changed = script.Updated
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

    /// The definition of a current version, or when to try again if it cannot be loaded here. An error of the store that will pass, such
    /// as a lost connection, is thrown: it says nothing about the script.
    let load (script: Wanted) (former: Retry option) : Task<Result<WorkflowDefinition, Retry>> =
        task {
            try
                use! opened =
                    versions.LoadAsync(keyOf (script.Name, script.Version), CancellationToken.None)

                return Ok opened.Definition
            with reason when not (workflows.IsTransient reason) ->
                log.LogError(
                    reason,
                    "Script {Name} version {Version} does not run in this process",
                    script.Name,
                    script.Version
                )

                return Error(retryAfter former)
        }

    let loadUnlessFailed (script: Wanted) : Task<Result<WorkflowDefinition, Retry>> =
        match Map.tryFind script published.Failed with
        | Some retry when not (isDue retry) -> Task.FromResult(Error retry)
        | former -> load script former

    let loadAll (current: Wanted list) =
        task {
            let outcomes = ResizeArray<Wanted * Result<WorkflowDefinition, Retry>>()

            for script in current do
                let! outcome = loadUnlessFailed script
                outcomes.Add(script, outcome)

            return List.ofSeq outcomes
        }

    /// What runs by the name of a script: what was loaded, else what ran until now, which continues.
    let definitionOf (script: Wanted, outcome: Result<WorkflowDefinition, Retry>) =
        match outcome with
        | Ok definition -> Some(script.Name, definition)
        | Error _ ->
            Map.tryFind script.Name published.Current
            |> Option.map (fun former -> script.Name, former)

    let versionsOf (current: Map<string, WorkflowDefinition>) =
        current
        |> Map.toSeq
        |> Seq.map (fun (_, definition) -> definition.Name, definition.Version)
        |> Set.ofSeq

    /// Warns once about each enabled script that has the name of a workflow of the program.
    let warnOf (taken: ScriptRecord list) =
        for script in List.choose wanted taken do
            if not (warned.Contains script.Name) then
                warned <- warned.Add script.Name

                log.LogWarning(
                    "Script {Name} starts no workflows in this process, because its program has a workflow of that name in C#, which wins. Workflows that the script has begun continue; disable it when they have ended",
                    script.Name
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
            let! outcomes = loadAll (List.choose wanted free)
            let current = outcomes |> List.choose definitionOf |> Map.ofList
            let running = versionsOf current
            let others = inFlight - running
            let! older = storedOf others

            // A new revision is told of even if the same runs, for something about the scripts has changed.
            if
                revision <> published.Revision
                || current <> published.Current
                || older <> published.Older
            then
                let stopped = disabled |> List.filter (isOfProgram >> not) |> List.map _.Name

                registry.Replace(
                    versions,
                    current |> Map.toList |> List.map snd,
                    older |> Seq.map keyOf |> List.ofSeq,
                    stopped
                )

            versions.Keep(HashSet(Seq.append running older |> Seq.map keyOf))

            published <- {
                Revision = revision
                Current = current
                InFlight = others
                Older = older
                Failed =
                    outcomes
                    |> List.choose (fun (script, outcome) ->
                        match outcome with
                        | Error retry -> Some(script, retry)
                        | Ok _ -> None)
                    |> Map.ofList
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
                    let names = stored |> List.filter _.Enabled |> List.map _.Name |> Set.ofList
                    let! inFlight = unfinished names cancellation

                    let isNew =
                        revision <> published.Revision
                        || inFlight - versionsOf published.Current <> published.InFlight

                    if isNew || published.Failed |> Map.exists (fun _ retry -> isDue retry) then
                        do! publish revision stored inFlight
            finally
                gate.Release() |> ignore
        }

    /// Looks after a change of a script that is stored. The change stands whatever keeps this process from taking it up now: that is
    /// logged, and the next look tries again.
    member catalogue.TakeUpAsync(name: string) : Task =
        task {
            try
                do! catalogue.RefreshAsync CancellationToken.None
            with trouble ->
                log.LogWarning(
                    trouble,
                    "The change of script {Name} is stored, but this process could not take it up; the next look tries again",
                    name
                )
        }

    interface IDisposable with
        member _.Dispose() = gate.Dispose()
