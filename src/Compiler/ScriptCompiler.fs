namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions

/// <summary>Options for compiling and loading scripts.</summary>
type ScriptCompilerOptions = {
    /// <summary>The folder of assemblies that scripts can reference with <c>#r</c>. Default: none.</summary>
    Libraries: string option
    /// <summary>The cache folder for compiled scripts. Only the user gets access to it. Default: none, so nothing is cached.</summary>
    Cache: string option
    /// <summary>The limits for a script. Default: <c>ScriptLimits.defaults</c>.</summary>
    Limits: ScriptLimits
}

module ScriptCompilerOptions =

    /// <summary>The default options: no lib folder, no cache, the default limits.</summary>
    let defaults: ScriptCompilerOptions = {
        Libraries = None
        Cache = None
        Limits = ScriptLimits.defaults
    }

/// <summary>
/// Compiles scripts one at a time, on a dedicated thread, with a compiler that stays warm. Create one instance per process and dispose
/// of it at the end; scripts that it has loaded remain usable. All errors in a script are reported as diagnostics, never as
/// exceptions.
/// </summary>
[<Sealed>]
type ScriptCompiler(options: ScriptCompilerOptions) =
    let queue = new CompileQueue(options.Limits.Compiling)
    let references = lazy References.find options.Cache
    let recent = RecentScripts()

    let faultAtStart (source: ScriptSource) code text =
        Diagnostic.fault (Place.startOf source.Name) code text

    let compile references (source: ScriptSource) turn =
        Bundle.make turn options.Libraries source
        |> Result.bind (Compilation.run turn references (ScriptVersion.Of source))

    let overLimit (source: ScriptSource) rest =
        faultAtStart
            source
            Diagnostic.CompileLimit
            $"Compiling the script did not finish within {options.Limits.Compiling.TotalSeconds} s and {rest}. Add type annotations, or split the script."

    let compileFresh references (source: ScriptSource) cancellation =
        task {
            match! queue.Run(compile references source, cancellation) with
            | Finished result -> return result
            | Threw failure ->
                return
                    Error [
                        faultAtStart source Diagnostic.CompilerFailed $"The compiler failed: {failure.Message}"
                    ]
            | Stopped -> return Error [ overLimit source "was stopped" ]
            | Unstoppable -> return Error [ overLimit source "occupies a thread until it has finished" ]
        }

    let kept references (source: ScriptSource) =
        options.Cache
        |> Option.bind (fun folder ->
            AssemblyCache.tryRead folder (AssemblyCache.keyOf references options.Libraries source))

    let keep references (source: ScriptSource) (compiled: CompiledScript) =
        match options.Cache with
        | None -> compiled
        | Some folder ->
            let key = AssemblyCache.keyOf references options.Libraries source

            match AssemblyCache.write folder key compiled with
            | None -> compiled
            | Some reason ->
                let warning = {
                    faultAtStart
                        source
                        Diagnostic.NotCached
                        $"The compiled script could not be cached in '{folder}': {reason}" with
                        Severity = Severity.Warning
                }

                {
                    compiled with
                        Warnings = compiled.Warnings @ [ warning ]
                }

    /// Gets a compiled script from the cheapest source. It is written to the cache only if `stays` is true.
    let obtain stays references (source: ScriptSource) cancellation =
        task {
            let key = AssemblyCache.keyOf references options.Libraries source

            match recent.TryFind key, lazy kept references source with
            | None, Lazy(Some compiled) -> return Ok compiled
            | Some compiled, Lazy(Some _) -> return Ok compiled
            | Some compiled, _ -> return Ok(if stays then keep references source compiled else compiled)
            | None, _ ->
                let! result = compileFresh references source cancellation
                result |> Result.iter (fun compiled -> recent.Add(key, compiled))

                return
                    if stays then
                        Result.map (keep references source) result
                    else
                        result
        }

    let admit (source: ScriptSource) =
        match ScriptName.faultOf source, Bundle.sizeOf source with
        | Some text, _ -> Error [ faultAtStart source Diagnostic.BadName text ]
        | None, bytes when bytes > options.Limits.SourceBytes ->
            Error [
                faultAtStart
                    source
                    Diagnostic.TooLong
                    $"The script and what it loads have {bytes} bytes; at most {options.Limits.SourceBytes} are allowed."
            ]
        | _ ->
            references.Value
            |> Result.mapError (fun reason -> [ faultAtStart source Diagnostic.NoReferences reason ])

    let placed (source: ScriptSource) (faults: DefinitionFault list) cancellation =
        task {
            let find turn =
                StateLocations.find (ParsedScript.parse turn source.Name source.Text) faults

            match! queue.Run(find, cancellation) with
            | Finished places -> return places
            | _ -> return faults |> List.map (fun fault -> fault, Place.startOf source.Name)
        }

    let faultsOf (source: ScriptSource) (definition: WorkflowDefinition) cancellation =
        task {
            match List.ofSeq (DefinitionValidation.Validate definition) with
            | [] -> return ScriptDefinition.versionFault source definition |> Option.toList
            | faults ->
                let! places = placed source faults cancellation

                return
                    places
                    |> List.map (fun (fault, place) -> Diagnostic.fault place Diagnostic.Definition (string fault))
        }

    let load (source: ScriptSource) compiled =
        task {
            let context =
                ScriptContext($"{source.Name} {ScriptVersion.Of source}", options.Libraries)

            let! found = ScriptLoader.load options.Limits.Loading source context compiled
            return context, found
        }

    /// <summary>Compiles a script or takes it from the cache, and loads it.</summary>
    /// <param name="source">The script.</param>
    /// <param name="cancellation">Stops waiting for the compiler; a compilation that has already begun runs to its end.</param>
    /// <returns>The loaded script, or all errors in it.</returns>
    member _.CompileAsync
        (source: ScriptSource, cancellation: CancellationToken)
        : Task<Result<LoadedScript, Diagnostic list>> =
        task {
            match admit source with
            | Error faults -> return Error faults
            | Ok references ->
                match! obtain true references source cancellation with
                | Error diagnostics -> return Error diagnostics
                | Ok compiled ->
                    let! context, found = load source compiled

                    match found with
                    | Error faults ->
                        context.Unload()
                        return Error(faults @ compiled.Warnings)
                    | Ok definition ->
                        match! faultsOf source definition cancellation with
                        | [] ->
                            let versioned = ScriptDefinition.forRunning (ScriptVersion.Of source) definition
                            return Ok(new LoadedScript(source, versioned, compiled.Warnings, context.Unload))
                        | faults ->
                            context.Unload()
                            return Error(faults @ compiled.Warnings)
        }

    /// <summary>
    /// Checks a script: returns its errors, its definition and its diagram. The compiled script is kept in memory for a while, so compiling
    /// the same text next is fast; nothing else is kept. The top-level code of the script is run.
    /// </summary>
    /// <param name="source">The script.</param>
    /// <param name="cancellation">Stops waiting for the compiler.</param>
    member _.CheckAsync(source: ScriptSource, cancellation: CancellationToken) : Task<ScriptCheck> =
        task {
            let version = ScriptVersion.Of source

            let refused diagnostics = {
                Version = version
                Diagnostics = diagnostics
                Definition = None
                Diagram = None
            }

            match admit source with
            | Error faults -> return refused faults
            | Ok references ->
                match! obtain false references source cancellation with
                | Error diagnostics -> return refused diagnostics
                | Ok compiled ->
                    let! context, found = load source compiled

                    match found with
                    | Error faults ->
                        context.Unload()
                        return refused (faults @ compiled.Warnings)
                    | Ok definition ->
                        let! faults = faultsOf source definition cancellation
                        let outline = ScriptDefinition.outline version definition
                        context.Unload()

                        return {
                            Version = version
                            Diagnostics = faults @ compiled.Warnings
                            Definition = Some outline
                            Diagram = Some(MermaidText.Of outline)
                        }
        }

    interface IScriptCompiler with
        member compiler.CompileAsync(source, cancellation) =
            compiler.CompileAsync(source, cancellation)

        member compiler.CheckAsync(source, cancellation) =
            compiler.CheckAsync(source, cancellation)

    interface IDisposable with
        member _.Dispose() = (queue :> IDisposable).Dispose()
