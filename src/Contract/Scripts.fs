namespace GopherFlow.Contract

/// An error, warning or note about a script, with its position.
type Diagnostic = {
    File: string
    Line: int
    Column: int
    EndLine: int
    EndColumn: int
    [<OneOf("error", "warning", "info")>]
    Severity: string
    Code: string
    Text: string
}

/// The last source that was rejected.
type RefusedSource = {
    /// The version that it would have become.
    Version: string
    At: Instant
    Diagnostics: Diagnostic list
}

/// A script in the list.
type Script = {
    Name: string
    /// Null until a version has been deployed.
    CurrentVersion: string option
    Enabled: bool
    Updated: Instant
    /// The number of its unfinished workflows, on any version.
    Unfinished: Count
    Refused: RefusedSource option
}

/// A file that a script loads.
type SourceFile = { File: string; Text: string }

/// A version in the list of a script's versions.
type ScriptVersion = {
    Version: string
    [<OneOf("folder", "api")>]
    Origin: string
    Author: string
    Created: Instant
    Unfinished: Count
    /// Whether the server that sent this response can run it.
    Registered: bool
    Current: bool
}

/// A script with its current source and all its stored versions.
type ScriptDetails = {
    Name: string
    CurrentVersion: string option
    Enabled: bool
    Updated: Instant
    Unfinished: Count
    Refused: RefusedSource option
    /// The source of the current version.
    Source: string option
    Loaded: SourceFile list
    /// All stored versions, newest first.
    Versions: ScriptVersion list
}

/// One version of a script, with its source.
type ScriptSource = {
    Name: string
    Version: string
    Source: string
    Loaded: SourceFile list
    Origin: string
    Author: string
    Created: Instant
}

/// The result of checking a script.
type CheckedScript = {
    Version: string
    Diagnostics: Diagnostic list
    Definition: Definition option
}

/// The version that is now current.
type CurrentVersion = {
    Version: string
    /// False if it was already current.
    Changed: bool
    /// Whether new workflows already start on it in the process that sent this response. If not, the script is disabled,
    /// or the process could not load it yet and retries automatically.
    InEffect: bool
}

/// A line of a comparison.
type DifferenceLine = {
    [<OneOf("same", "removed", "added")>]
    Kind: string
    OldLine: int option
    NewLine: int option
    Text: string
}

/// The comparison of one file in two versions, line by line.
type FileDifference = {
    File: string
    Lines: DifferenceLine list
}

/// The comparison of two versions, file by file: the script first, then the loaded files that differ.
type Differences = {
    From: string
    To: string
    Files: FileDifference list
}
