namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// What the catalogue has last published.
type private Published = {
    Revision: int64
    Current: Map<string, WorkflowDefinition>
    Older: Set<string * string>
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
        log: ILogger
    ) =
    let gate = new SemaphoreSlim(1)

    let mutable published = {
        Revision = -1L
        Current = Map.empty
        Older = Set.empty
    }

    let keyOf (name, version) = DefinitionKey(name, version)

    let current (script: ScriptRecord) =
        match script.CurrentVersion with
        | null -> None
        | version -> Some(script.Name, version)

    /// The definition of a current version; if it cannot be loaded here, the one that ran until now continues.
    let load (name: string, version: string) =
        task {
            try
                use! opened =
                    (versions :> IDefinitionSource).OpenAsync(keyOf (name, version), CancellationToken.None)

                return Some(name, opened.Definition)
            with :? DefinitionUnavailableException as reason ->
                log.LogError(reason, "Script {Name} version {Version} does not run in this process", name, version)
                return Map.tryFind name published.Current |> Option.map (fun former -> name, former)
        }

    let unfinished (names: Set<string>) cancellation =
        task {
            let! counts = workflows.CountsAsync cancellation

            return
                counts
                |> Seq.filter (fun count -> names.Contains count.WorkflowType && not (count.Status.IsFinal()))
                |> Seq.map (fun count -> count.WorkflowType, count.Version)
                |> Set.ofSeq
        }

    let publish revision (stored: ScriptRecord list) (inFlight: Set<string * string>) =
        task {
            let enabled = stored |> List.filter _.Enabled
            let definitions = ResizeArray<string * WorkflowDefinition>()

            for version in List.choose current enabled do
                let! loaded = load version
                loaded |> Option.iter definitions.Add

            let newest = definitions |> Seq.map snd |> List.ofSeq

            let running =
                newest
                |> List.map (fun definition -> definition.Name, definition.Version)
                |> Set.ofList

            let names = enabled |> List.map _.Name |> Set.ofList
            let older = Set.filter (fun (name, _) -> names.Contains name) inFlight - running
            let disabled = stored |> List.filter (_.Enabled >> not) |> List.map _.Name

            registry.Replace(versions, newest, older |> Seq.map keyOf |> List.ofSeq, disabled)
            versions.Keep(HashSet(Seq.append running older |> Seq.map keyOf))

            published <- {
                Revision = revision
                Current = Map.ofSeq definitions
                Older = inFlight
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

                    if revision <> published.Revision || inFlight <> published.Older then
                        do! publish revision stored inFlight
            finally
                gate.Release() |> ignore
        }

    interface IDisposable with
        member _.Dispose() = gate.Dispose()
