namespace GopherFlow.Scripting

open System

/// <summary>What a script may cost.</summary>
type ScriptLimits = {
    /// <summary>The longest bundle (script and what it loads), in bytes of UTF-8. Default: 256 KiB.</summary>
    SourceBytes: int
    /// <summary>The longest time that compiling may take. Default: 60 seconds.</summary>
    Compiling: TimeSpan
    /// <summary>The longest time that a script's top-level code may run while it is loaded. Default: 5 seconds.</summary>
    Loading: TimeSpan
}

module ScriptLimits =

    /// <summary>256 KiB, 60 seconds, 5 seconds.</summary>
    let defaults: ScriptLimits = {
        SourceBytes = 256 * 1024
        Compiling = TimeSpan.FromSeconds 60.
        Loading = TimeSpan.FromSeconds 5.
    }
