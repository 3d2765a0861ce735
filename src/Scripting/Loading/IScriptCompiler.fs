namespace GopherFlow.Scripting

open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions

/// <summary>The result of checking a script without deploying it, for an editor.</summary>
type ScriptCheck = {
    /// <summary>The version of the script.</summary>
    Version: string
    /// <summary>All errors and compiler warnings.</summary>
    Diagnostics: Diagnostic list
    /// <summary>
    /// The states and transitions, without functions; present even if they are invalid. None when the script does not compile or load.
    /// </summary>
    Definition: WorkflowDefinition option
    /// <summary>The state diagram as Mermaid text.</summary>
    Diagram: string option
}

/// <summary>Turns scripts into definitions. All errors in a script are reported as diagnostics, never as exceptions.</summary>
type IScriptCompiler =

    /// <summary>Compiles a script and loads it.</summary>
    /// <param name="source">The script.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The loaded script, or its errors.</returns>
    abstract CompileAsync:
        source: ScriptSource * cancellation: CancellationToken -> Task<Result<LoadedScript, Diagnostic list>>

    /// <summary>Reports the diagnostics and the state diagram of a script without deploying it.</summary>
    /// <param name="source">The script.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    abstract CheckAsync: source: ScriptSource * cancellation: CancellationToken -> Task<ScriptCheck>

/// Rejects every script. Used by applications without a compiler.
type internal NoScriptCompiler() =

    let refuse (source: ScriptSource) = [
        Diagnostic.fault
            (Place.startOf source.Name)
            Diagnostic.NoCompiler
            "This application cannot run scripts. To run them, add the package GopherFlow.Scripting.Compiler and call UseScripts()."
    ]

    interface IScriptCompiler with
        member _.CompileAsync(source, _) = Task.FromResult(Error(refuse source))

        member _.CheckAsync(source, _) =
            Task.FromResult {
                Version = ScriptVersion.Of source
                Diagnostics = refuse source
                Definition = None
                Diagram = None
            }
