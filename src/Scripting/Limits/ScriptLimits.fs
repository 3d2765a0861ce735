namespace GopherFlow.Scripting

open System

/// <summary>Limits on the size and the time of a script.</summary>
type ScriptLimits = {
    /// <summary>The largest bundle (the script and the files that it loads), in bytes of UTF-8. Default: 256 KiB.</summary>
    SourceBytes: int
    /// <summary>The timeout for compiling. Default: 60 seconds.</summary>
    Compiling: TimeSpan
    /// <summary>The timeout for the top-level code of a script, which runs while the script is loaded. Default: 5 seconds.</summary>
    Loading: TimeSpan
}

module ScriptLimits =

    /// <summary>The defaults: 256 KiB of source, 60 seconds for compiling, 5 seconds for loading.</summary>
    let defaults: ScriptLimits = {
        SourceBytes = 256 * 1024
        Compiling = TimeSpan.FromSeconds 60.
        Loading = TimeSpan.FromSeconds 5.
    }
