namespace GopherFlow.Scripting

open System
open System.IO
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.Extensions.DependencyInjection

/// <summary>The result of checking a script.</summary>
type CheckedScript = {
    /// <summary>The version that the source would have.</summary>
    Version: string
    /// <summary>Errors and warnings.</summary>
    Diagnostics: Diagnostic list
    /// <summary>
    /// The definition with its diagram, present even if it is invalid. None when the source does not compile or load or has no start
    /// state.
    /// </summary>
    Definition: DefinitionRecord option
}

/// <summary>The input and the limits of a trial run of a script.</summary>
type TrialRequest = {
    /// <summary>The name of the script.</summary>
    Name: string
    /// <summary>Its text.</summary>
    Text: string
    /// <summary>The variables to start with, as the text of a JSON object.</summary>
    Variables: string
    /// <summary>The maximum number of steps.</summary>
    StepLimit: int
    /// <summary>The maximum duration in real time.</summary>
    TimeLimit: TimeSpan
}

/// <summary>A script with its versions and diagnostics.</summary>
type ScriptDetails = {
    Script: ScriptRecord
    /// <summary>The current version with its source. None if no version has been deployed yet.</summary>
    Current: ScriptVersionRecord option
    /// <summary>All versions, newest first.</summary>
    Versions: ScriptVersionOutline list
    /// <summary>The diagnostics of the last source that was refused.</summary>
    Diagnostics: Diagnostic list
}

/// <summary>The outcome of a rollback.</summary>
type RollbackOutcome =
    /// <summary>That version is now current.</summary>
    | RolledBack of version: string
    /// <summary>The script or the version does not exist. The reason is a message for the user.</summary>
    | NothingToRollBackTo of reason: string
    /// <summary>That version was deleted in the meantime. The current version stays.</summary>
    | VersionGone of version: string

/// <summary>The operations on scripts for API callers and operators. Thread-safe; one instance per process.</summary>
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

    /// An invalid definition may lack a start state, and then it cannot be drawn.
    let hasStart (definition: WorkflowDefinition) =
        definition.States |> Seq.exists (fun state -> state.Type = StateType.Start)

    let record (definition: WorkflowDefinition) =
        DefinitionRecord.Of(definition, clock.GetUtcNow())

    /// <summary>Whether scripts may be deployed over the API.</summary>
    member _.DeployOverApi = settings.DeployOverApi

    /// <summary>Whether a name is valid for a script. <c>NameRule</c> describes the rule.</summary>
    member _.IsValidName(name: string) : bool = StoredScript.isSoundName name

    /// <summary>The rule for script names, as text for error messages.</summary>
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

    /// <summary>The diagnostics of the last source that was refused.</summary>
    member _.DiagnosticsOf(script: ScriptRecord) : Diagnostic list =
        match script.Diagnostics with
        | null -> []
        | kept -> StoredJson.toDiagnostics kept.Json

    /// <summary>The files that a stored version loads: text by file name.</summary>
    member _.LoadedOf(version: ScriptVersionRecord) : Map<string, string> = StoredJson.toLoaded version.Loaded

    /// <summary>Compiles a source without deploying it. Runs its top-level code to get the definition.</summary>
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
    /// Runs one workflow of a source without deploying it, in an in-memory store and with a clock that skips every wait. External side
    /// effects of its state functions are real.
    /// </summary>
    /// <returns>The report of the trial, or the errors of the source.</returns>
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

    /// <summary>Deploys a source: stores it and makes it the version on which all executors start new workflows.</summary>
    member _.DeployAsync(name: string, text: string, author: string, cancellation: CancellationToken) =
        deployment.DeployAsync(sourceOf name text, "api", author, cancellation)

    /// <summary>Makes an older version current again: the given one, or the one that was deployed before the current one.</summary>
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

    /// <summary>Enables or disables a script. Returns false when it does not exist.</summary>
    member _.EnableAsync(name: string, enabled: bool, cancellation: CancellationToken) : Task<bool> =
        task {
            let! found =
                scripts.EnableScriptAsync(name, enabled, clock.GetUtcNow(), cancellation)

            if found then
                do! catalogue.ApplyChangeAsync name

            return found
        }
