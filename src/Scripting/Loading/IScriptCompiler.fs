namespace GopherFlow.Scripting

open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions

/// <summary>What is known of a script without keeping it: for an editor.</summary>
type ScriptCheck = {
    /// <summary>The version that the script has.</summary>
    Version: string
    /// <summary>Everything that is wrong with it, and what the compiler warns of.</summary>
    Diagnostics: Diagnostic list
    /// <summary>Its machine, without functions; also when it is faulty, and none when the script does not get so far.</summary>
    Definition: WorkflowDefinition option
    /// <summary>The machine as Mermaid text.</summary>
    Diagram: string option
}

/// <summary>Makes definitions of scripts. Everything that can be wrong with a script is a diagnostic, never an exception.</summary>
type IScriptCompiler =

    /// <summary>Compiles a script and loads it.</summary>
    /// <param name="source">The script.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The loaded script, or everything that is wrong with it.</returns>
    abstract CompileAsync:
        source: ScriptSource * cancellation: CancellationToken -> Task<Result<LoadedScript, Diagnostic list>>

    /// <summary>Says what is wrong with a script and what its machine looks like, and keeps nothing of it.</summary>
    /// <param name="source">The script.</param>
    /// <param name="cancellation">Ends the wait.</param>
    abstract CheckAsync: source: ScriptSource * cancellation: CancellationToken -> Task<ScriptCheck>

/// Refuses every script: for an application without a compiler.
type internal NoScriptCompiler() =

    let refuse (source: ScriptSource) = [
        Diagnostic.fault
            (Place.startOf source.Name)
            Diagnostic.NoCompiler
            "This application runs no scripts. It would with the package GopherFlow.Scripting.Compiler and UseScripts()."
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
