namespace GopherFlow.Scripting

open System
open GopherFlow.Definitions

/// <summary>
/// A version of a script that is ready to run. Its state functions live until it is disposed of and nothing refers to it any more.
/// </summary>
[<Sealed>]
type LoadedScript
    internal (source: ScriptSource, definition: WorkflowDefinition, warnings: Diagnostic list, unload: unit -> unit) =

    /// <summary>The source it was made from.</summary>
    member _.Source: ScriptSource = source

    /// <summary>The version of the script, which is also that of its definition.</summary>
    member _.Version: string = definition.Version

    /// <summary>The checked definition.</summary>
    member _.Definition: WorkflowDefinition = definition

    /// <summary>What the compiler warns of.</summary>
    member _.Warnings: Diagnostic list = warnings

    /// <summary>
    /// Gives the script's memory back as soon as nothing refers to its definition any more. Steps that still run continue undisturbed.
    /// </summary>
    member _.Dispose() = unload ()

    interface IDisposable with
        member script.Dispose() = script.Dispose()
