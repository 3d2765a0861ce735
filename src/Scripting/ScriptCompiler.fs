namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open FSharp.Compiler.CodeAnalysis
open GopherFlow.Definitions

/// <summary>How scripts are compiled and loaded.</summary>
type ScriptCompilerOptions = {
    /// <summary>The folder of assemblies that scripts may ask for with <c>#r</c>. Default: none.</summary>
    Libraries: string option
    /// <summary>What a script may cost. Default: <c>ScriptLimits.defaults</c>.</summary>
    Limits: ScriptLimits
}

module ScriptCompilerOptions =

    /// <summary>No lib folder, the default limits.</summary>
    let defaults: ScriptCompilerOptions = {
        Libraries = None
        Limits = ScriptLimits.defaults
    }

/// <summary>
/// Compiles scripts, one at a time, on a thread of its own, with one compiler that stays warm. Make one for a process and dispose
/// of it at the end; scripts that it has loaded live on.
/// </summary>
[<Sealed>]
type ScriptCompiler(options: ScriptCompilerOptions) =
    let thread = new CompileThread()
    let checker = lazy FSharpChecker.Create()
    let references = lazy References.find ()

    let compile (source: ScriptSource) =
        async {
            match references.Value with
            | Error reason ->
                return Error [ Diagnostic.fault (Place.startOf source.Name) Diagnostic.NoReferences reason ]
            | Ok references ->
                match! Bundle.make checker.Value options.Libraries source with
                | Error faults -> return Error faults
                | Ok bundle -> return! Compilation.run checker.Value references (ScriptVersion.Of source) bundle
        }

    let versioned (source: ScriptSource) (definition: WorkflowDefinition) =
        WorkflowDefinition(
            definition.Name,
            definition.Description,
            definition.States,
            definition.Retry,
            ScriptVersion.Of source
        )

    let validated (source: ScriptSource) (definition: WorkflowDefinition) =
        match DefinitionValidation.Validate definition |> List.ofSeq with
        | [] -> Ok(versioned source definition)
        | faults ->
            faults
            |> List.map (fun fault -> Diagnostic.fault (Place.startOf source.Name) Diagnostic.Definition (string fault))
            |> Error

    let load source compiled =
        task {
            let version = ScriptVersion.Of source
            let context = ScriptContext($"{source.Name} {version}", options.Libraries)
            let! found = ScriptLoader.load options.Limits.Loading source context compiled

            match found |> Result.bind (validated source) with
            | Ok definition ->
                return Ok(new LoadedScript(source, version, definition, compiled.Warnings, context.Unload))
            | Error faults ->
                context.Unload()
                return Error(faults @ compiled.Warnings)
        }

    /// <summary>Compiles a script, or takes it from the cache, and loads it.</summary>
    /// <returns>The loaded script, or everything that is wrong with it.</returns>
    member _.CompileAsync
        (source: ScriptSource, cancellation: CancellationToken)
        : Task<Result<LoadedScript, Diagnostic list>> =
        task {
            match! thread.Run(cancellation, compile source) with
            | Error diagnostics -> return Error diagnostics
            | Ok compiled -> return! load source compiled
        }

    interface IDisposable with
        member _.Dispose() = (thread :> IDisposable).Dispose()
