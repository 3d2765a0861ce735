namespace GopherFlow.Scripting

open System
open GopherFlow.Definitions

/// <summary>
/// A version of a script that is loaded and ready to run. Its state functions stay in memory until it is disposed and no longer
/// referenced.
/// </summary>
[<Sealed>]
type LoadedScript
    internal (source: ScriptSource, definition: WorkflowDefinition, warnings: Diagnostic list, unload: unit -> unit) =

    /// <summary>The source it was compiled from.</summary>
    member _.Source: ScriptSource = source

    /// <summary>The version of the script and of its definition.</summary>
    member _.Version: string = definition.Version

    /// <summary>The validated definition.</summary>
    member _.Definition: WorkflowDefinition = definition

    /// <summary>The compiler's warnings.</summary>
    member _.Warnings: Diagnostic list = warnings

    /// <summary>
    /// Releases the script. Its memory is freed once nothing references its definition any more. Steps that are running complete normally.
    /// </summary>
    member _.Dispose() = unload ()

    interface IDisposable with
        member script.Dispose() = script.Dispose()
