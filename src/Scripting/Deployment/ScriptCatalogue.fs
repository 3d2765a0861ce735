namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// When to retry: once Wait has passed since the timestamp Since.
type private Retry = { Since: int64; Wait: TimeSpan }

/// The current version of an enabled script, and when the script was last changed.
type private Wanted = {
    Name: string
    Version: string
    Changed: DateTimeOffset
}

/// The result of the catalogue's last refresh.
type private Published = {
    Revision: int64
    Current: Map<string, WorkflowDefinition>
    /// The other versions that unfinished workflows are on, including versions that do not belong to a script.
    InFlight: Set<string * string>
    /// The subset of InFlight that belongs to scripts.
    Older: Set<string * string>
    /// The scripts that could not be loaded. One is retried only when its wait has passed or the script itself has changed.
    Failed: Map<Wanted, Retry>
}

/// Keeps the definitions of this process in sync with the scripts in the database: the current version of each enabled script, and
/// the older versions that unfinished workflows are on.
[<Sealed>]
type internal ScriptCatalogue
    (
        registry: DefinitionRegistry,
        versions: LoadedVersions,
        scripts: IScriptStore,
        workflows: IWorkflowStore,
        webhookFaults: WorkflowDefinition -> DefinitionFault seq,
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

    /// The scripts with a logged warning because the program has a workflow of the same name.
    let mutable warned: Set<string> = Set.empty

    /// The versions with a logged warning because this process does not know a webhook that they name.
    let mutable warnedVersions: Set<string * string> = Set.empty

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

    /// Doubles the wait each time, because every retry compiles the faulty script again.
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

    /// The definition of a current version, or when to retry if it cannot be loaded here. A transient store error, such as a lost
    /// connection, propagates, because it does not mean that the script is faulty.
    let load (script: Wanted) (former: Retry option) : Task<Result<WorkflowDefinition, Retry>> =
        task {
            try
                use! opened =
                    versions.LoadAsync(keyOf (script.Name, script.Version), CancellationToken.None)

                return Ok opened.Definition
            with failure when not (workflows.IsTransient failure) ->
                log.LogError(
                    failure,
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

    /// The definition to run for a script: the loaded one, or, if loading failed, the one that has run until now.
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
    let warnOfNameClashes (taken: ScriptRecord list) =
        for script in List.choose wanted taken do
            if not (warned.Contains script.Name) then
                warned <- warned.Add script.Name

                log.LogWarning(
                    "Script {Name} starts no workflows in this process, because its program has a workflow of that name in C#, which takes precedence. Workflows that the script has started continue; disable it when they have ended",
                    script.Name
                )

    /// Warns once about each version that names an unknown webhook. It cannot be deployed like that, but the settings may have changed
    /// since.
    let warnOfWebhooks (current: Map<string, WorkflowDefinition>) =
        for definition in Map.values current do
            let version = definition.Name, definition.Version

            if not (warnedVersions.Contains version) then
                for fault in webhookFaults definition do
                    warnedVersions <- warnedVersions.Add version

                    log.LogWarning(
                        "Script {Name} version {Version} runs in this process, but its deliveries wait for an executor that knows the webhook: {Fault}",
                        definition.Name,
                        definition.Version,
                        string fault
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

    /// Filters the candidates down to stored script versions. A program, here or in another process, may have unfinished workflows under
    /// the same name.
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
            warnOfNameClashes taken
            let! outcomes = loadAll (List.choose wanted free)
            let current = outcomes |> List.choose definitionOf |> Map.ofList
            warnOfWebhooks current
            let running = versionsOf current
            let others = inFlight - running
            let! older = storedOf others

            // A new revision is published even if the definitions are the same, because something else about the scripts has changed.
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

    /// Polls for changes and publishes them.
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

    /// Refreshes after a change of a script has been stored. If that fails, the change stays stored: the error is logged and the next poll
    /// retries.
    member catalogue.ApplyChangeAsync(name: string) : Task =
        task {
            try
                do! catalogue.RefreshAsync CancellationToken.None
            with failure ->
                log.LogWarning(
                    failure,
                    "The change of script {Name} is stored, but this process could not apply it yet; the next poll tries again",
                    name
                )
        }

    interface IDisposable with
        member _.Dispose() = gate.Dispose()
