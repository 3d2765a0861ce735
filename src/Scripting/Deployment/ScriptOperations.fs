namespace GopherFlow.Scripting

open System
open System.IO
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.Extensions.DependencyInjection

/// <summary>What a check has found.</summary>
type CheckedScript = {
    /// <summary>The version that the source would have.</summary>
    Version: string
    /// <summary>Faults and warnings.</summary>
    Diagnostics: Diagnostic list
    /// <summary>The definition with its diagram, also when it is faulty; None when the source does not get so far.</summary>
    Definition: DefinitionRecord option
}

/// <summary>What to try a script with, and what it may cost.</summary>
type TrialRequest = {
    /// <summary>The name of the script.</summary>
    Name: string
    /// <summary>Its text.</summary>
    Text: string
    /// <summary>The variables to start with: the text of a JSON object.</summary>
    Variables: string
    /// <summary>How many steps may be made.</summary>
    StepLimit: int
    /// <summary>How long it may take by a real clock.</summary>
    TimeLimit: TimeSpan
}

/// <summary>A script with everything that is kept of it.</summary>
type ScriptDetails = {
    Script: ScriptRecord
    /// <summary>The current version with its source; None while none was ever deployed.</summary>
    Current: ScriptVersionRecord option
    /// <summary>All versions, the newest first.</summary>
    Versions: ScriptVersionOutline list
    /// <summary>What was wrong with the last source that was refused.</summary>
    Diagnostics: Diagnostic list
}

/// <summary>What became of a roll back.</summary>
type RollbackOutcome =
    /// <summary>That version is current now.</summary>
    | RolledBack of version: string
    /// <summary>There is no such script, or none of its versions fits, in words.</summary>
    | NothingToRollBackTo of reason: string
    /// <summary>That version was deleted meanwhile; the current one stays.</summary>
    | VersionGone of version: string

/// <summary>What a caller or an operator does with scripts. Thread-safe; one for the process.</summary>
[<Sealed>]
type ScriptOperations
    internal
    (
        settings: ScriptSettings,
        compiler: IScriptCompiler,
        deployment: ScriptDeployment,
        catalogue: ScriptCatalogue,
        scripts: IScriptStore,
        registry: DefinitionRegistry,
        services: IServiceScopeFactory,
        variablesJson: JsonSerializerOptions option,
        clock: TimeProvider
    ) =

    let neighbour (name: string) =
        settings.Folder
        |> Option.map (fun folder -> Path.Combine(folder, name))
        |> Option.filter (fun path -> String.Equals(Path.GetFileName path, name) && File.Exists path)
        |> Option.map File.ReadAllText

    let sourceOf (name: string) (text: string) =
        ScriptSource.gather neighbour (StoredScript.fileOf name) text

    /// A faulty machine may have none, and cannot be drawn then.
    let hasStart (definition: WorkflowDefinition) =
        definition.States |> Seq.exists (fun state -> state.Type = StateType.Start)

    let record (definition: WorkflowDefinition) =
        DefinitionRecord.Of(definition, clock.GetUtcNow())

    /// <summary>Whether scripts may be deployed over the API.</summary>
    member _.DeployOverApi = settings.DeployOverApi

    /// <summary>Whether a name can be that of a script; <c>NameRule</c> says in words which can.</summary>
    member _.IsSoundName(name: string) : bool = StoredScript.isSoundName name

    /// <summary>Which names a script can have, in words.</summary>
    member _.NameRule: string = StoredScript.NameRule

    /// <summary>All scripts, sorted by name.</summary>
    member _.ListAsync(cancellation: CancellationToken) : Task<ScriptRecord list> =
        task {
            let! found = scripts.ScriptsAsync cancellation
            return List.ofSeq found
        }

    /// <summary>One script, or None.</summary>
    member _.FindAsync(name: string, cancellation: CancellationToken) : Task<ScriptDetails option> =
        task {
            match! scripts.FindScriptAsync(name, cancellation) with
            | null -> return None
            | script ->
                let! versions = scripts.ScriptVersionsAsync(name, cancellation)

                let! current =
                    match script.CurrentVersion with
                    | null -> Task.FromResult None
                    | version ->
                        task {
                            let! found = scripts.FindScriptVersionAsync(name, version, cancellation)
                            return Option.ofObj found
                        }

                return
                    Some {
                        Script = script
                        Current = current
                        Versions = List.ofSeq versions
                        Diagnostics =
                            match script.Diagnostics with
                            | null -> []
                            | kept -> StoredJson.toDiagnostics kept.Json
                    }
        }

    /// <summary>One version of a script with its source, or None.</summary>
    member _.FindVersionAsync(name: string, version: string, cancellation: CancellationToken) =
        task {
            let! found = scripts.FindScriptVersionAsync(name, version, cancellation)
            return Option.ofObj found
        }

    /// <summary>What a stored script keeps of the last source that was refused.</summary>
    member _.DiagnosticsOf(script: ScriptRecord) : Diagnostic list =
        match script.Diagnostics with
        | null -> []
        | kept -> StoredJson.toDiagnostics kept.Json

    /// <summary>The files that a stored version loads: text by name.</summary>
    member _.LoadedOf(version: ScriptVersionRecord) : Map<string, string> = StoredJson.toLoaded version.Loaded

    /// <summary>Compiles a source without deploying it. Its top-level code is run, to get its definition.</summary>
    member _.CheckAsync(name: string, text: string, cancellation: CancellationToken) : Task<CheckedScript> =
        task {
            let source = sourceOf name text
            let! found = compiler.CheckAsync(source, cancellation)

            let fault =
                found.Definition
                |> Option.bind (fun definition -> deployment.FaultOf(source, definition))

            return {
                Version = found.Version
                Diagnostics = Option.toList fault @ found.Diagnostics
                Definition = found.Definition |> Option.filter hasStart |> Option.map record
            }
        }

    /// <summary>
    /// Runs one workflow of a source without deploying it, over a store in memory, by a clock that skips every wait. What its
    /// state functions do to the outside is real.
    /// </summary>
    /// <returns>What it did, or what is wrong with the source.</returns>
    member _.TryAsync
        (request: TrialRequest, cancellation: CancellationToken)
        : Task<Result<TrialReport, Diagnostic list>> =
        task {
            match! compiler.CompileAsync(sourceOf request.Name request.Text, cancellation) with
            | Error diagnostics -> return Error diagnostics
            | Ok script ->
                use script = script

                let options = {
                    TrialOptions.defaults with
                        Variables = request.Variables
                        StepLimit = request.StepLimit
                        TimeLimit = request.TimeLimit
                        Others = List.ofSeq registry.OfProgram
                        Services = Some services
                        VariablesJson = variablesJson
                }

                let! report = ScriptTrial.RunAsync options script
                return Ok report
        }

    /// <summary>Deploys a source: stores it, and has new workflows start on it, on every executor.</summary>
    member _.DeployAsync(name: string, text: string, author: string, cancellation: CancellationToken) =
        deployment.DeployAsync(sourceOf name text, "api", author, cancellation)

    /// <summary>Makes an older version current again: the named one, or the one that was deployed before the current one.</summary>
    member _.RollBackAsync
        (name: string, version: string option, cancellation: CancellationToken)
        : Task<RollbackOutcome> =
        task {
            let! script = scripts.FindScriptAsync(name, cancellation)
            let! versions = scripts.ScriptVersionsAsync(name, cancellation)
            let known = versions |> Seq.map _.Version |> List.ofSeq

            let wanted =
                match Option.ofObj script, version with
                | None, _ -> Error $"There is no script {name}."
                | _, Some version when List.contains version known -> Ok version
                | _, Some version ->
                    Error $"""Script {name} has no version {version}; it has {String.concat ", " known}."""
                | Some script, None ->
                    known
                    |> List.skipWhile (fun version -> not (String.Equals(version, script.CurrentVersion)))
                    |> List.tryItem 1
                    |> Option.map Ok
                    |> Option.defaultValue (Error $"Script {name} has no version before the current one.")

            match wanted with
            | Error reason -> return NothingToRollBackTo reason
            | Ok version ->
                match! deployment.ActivateAsync(name, version, cancellation) with
                | true -> return RolledBack version
                | false -> return VersionGone version
        }

    /// <summary>Enables or disables a script; false when there is none of that name.</summary>
    member _.EnableAsync(name: string, enabled: bool, cancellation: CancellationToken) : Task<bool> =
        task {
            let! found =
                scripts.EnableScriptAsync(name, enabled, clock.GetUtcNow(), cancellation)

            if found then
                do! catalogue.TakeUpAsync name

            return found
        }
