namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.Extensions.Logging

/// <summary>The outcome of deploying a script.</summary>
type DeployOutcome =
    /// <summary>It is now the current version, and new workflows start on it.</summary>
    | Deployed of version: string
    /// <summary>It was already the current version.</summary>
    | Unchanged of version: string
    /// <summary>It has errors, which are stored with the script. The version that was current before keeps running.</summary>
    | Refused of Diagnostic list

/// Checks scripts and stores them in the database, one at a time.
[<Sealed>]
type internal ScriptDeployment
    (
        registry: DefinitionRegistry,
        compiler: IScriptCompiler,
        versions: LoadedVersions,
        catalogue: ScriptCatalogue,
        scripts: IScriptStore,
        webhookFaults: WorkflowDefinition -> DefinitionFault seq,
        clock: TimeProvider,
        log: ILogger
    ) =
    let gate = new SemaphoreSlim(1)

    let nameFault (source: ScriptSource) (definition: WorkflowDefinition) =
        let name = StoredScript.nameOf source
        let fault = Diagnostic.fault (Place.startOf source.Name) Diagnostic.BadName

        if definition.Name <> name then
            Some(
                fault
                    $"The script is called {name}, but its workflow is called \"{definition.Name}\". Give both the same name."
            )
        elif registry.IsOfProgram name then
            Some(
                fault
                    $"The program already has a workflow {name}, written in C#. Give the script's workflow another name."
            )
        else
            None

    let webhookFault (source: ScriptSource) (definition: WorkflowDefinition) =
        webhookFaults definition
        |> Seq.tryHead
        |> Option.map (fun fault ->
            Diagnostic.fault (Place.startOf source.Name) Diagnostic.UnknownWebhook (string fault))

    let processFault source definition =
        nameFault source definition
        |> Option.orElseWith (fun () -> webhookFault source definition)

    let refuse (source: ScriptSource) (faults: Diagnostic list) =
        task {
            let name = StoredScript.nameOf source

            let diagnostics =
                ScriptDiagnostics(ScriptVersion.Of source, StoredJson.ofDiagnostics faults, clock.GetUtcNow())

            do! scripts.SaveScriptDiagnosticsAsync(name, diagnostics, CancellationToken.None)

            log.LogError(
                "Script {Name} version {Version} is refused: {Faults}",
                name,
                diagnostics.Version,
                faults |> List.map string |> String.concat Environment.NewLine
            )

            return Refused faults
        }

    let accept (source: ScriptSource) (script: LoadedScript) origin author =
        task {
            let now = clock.GetUtcNow()
            let definition = DefinitionRecord.Of(script.Definition, now)
            versions.Add(DefinitionKey(script.Definition.Name, script.Version), script)
            let version = StoredScript.ofSource source origin author now
            do! scripts.DeployScriptAsync(version, definition, CancellationToken.None)
            do! catalogue.ApplyChangeAsync script.Definition.Name

            log.LogInformation(
                "Script {Name} version {Version} is deployed (from {Origin}, by {Author})",
                script.Definition.Name,
                script.Version,
                origin,
                author
            )

            return Deployed script.Version
        }

    let isCurrent (source: ScriptSource) =
        task {
            match! scripts.FindScriptAsync(StoredScript.nameOf source, CancellationToken.None) with
            | null -> return false
            | stored -> return stored.CurrentVersion = ScriptVersion.Of source && isNull stored.Diagnostics
        }

    let deploy (source: ScriptSource) origin author cancellation =
        task {
            match! isCurrent source with
            | true -> return Unchanged(ScriptVersion.Of source)
            | false ->
                match! compiler.CompileAsync(source, cancellation) with
                | Error faults -> return! refuse source faults
                | Ok script ->
                    match processFault source script.Definition with
                    | Some fault ->
                        script.Dispose()
                        return! refuse source [ fault ]
                    | None -> return! accept source script origin author
        }

    /// The error of a script whose workflow has a wrong name or an unknown webhook, or None.
    member _.FaultOf(source, definition) = processFault source definition

    /// Deploys a script, or returns its errors.
    member _.DeployAsync
        (source: ScriptSource, origin: string, author: string, cancellation: CancellationToken)
        : Task<DeployOutcome> =
        task {
            do! gate.WaitAsync cancellation

            try
                return! deploy source origin author cancellation
            finally
                gate.Release() |> ignore
        }

    /// Makes a stored version current again. Returns false when that version does not exist.
    member _.ActivateAsync(name: string, version: string, cancellation: CancellationToken) : Task<bool> =
        task {
            let now = clock.GetUtcNow()
            let! activated = scripts.ActivateScriptAsync(name, version, now, cancellation)

            if activated then
                do! catalogue.ApplyChangeAsync name

            return activated
        }

    interface IDisposable with
        member _.Dispose() = gate.Dispose()
