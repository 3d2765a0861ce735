namespace GopherFlow.Contract

/// Something to say of a script, at a place in it.
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

/// The last source that was refused.
type RefusedSource = {
    /// The version that it would have been.
    Version: string
    At: Instant
    Diagnostics: Diagnostic list
}

/// A script in the list.
type Script = {
    Name: string
    /// None while none of its versions was ever deployed.
    CurrentVersion: string option
    Enabled: bool
    Updated: Instant
    /// How many of its workflows have not ended, on any version.
    Unfinished: Count
    Refused: RefusedSource option
}

/// A file that a script loads.
type SourceFile = { File: string; Text: string }

/// A version among the others.
type ScriptVersion = {
    Version: string
    [<OneOf("folder", "api")>]
    Origin: string
    Author: string
    Created: Instant
    Unfinished: Count
    /// Whether this process can run it.
    Registered: bool
    Current: bool
}

/// A script with everything that is kept of it.
type ScriptDetails = {
    Name: string
    CurrentVersion: string option
    Enabled: bool
    Updated: Instant
    Unfinished: Count
    Refused: RefusedSource option
    /// Of the current version.
    Source: string option
    Loaded: SourceFile list
    /// The newest first.
    Versions: ScriptVersion list
}

/// One version with its source.
type ScriptSource = {
    Name: string
    Version: string
    Source: string
    Loaded: SourceFile list
    Origin: string
    Author: string
    Created: Instant
}

/// What a check has found.
type CheckedScript = {
    Version: string
    Diagnostics: Diagnostic list
    Definition: Definition option
}

/// A version that is current now.
type CurrentVersion = {
    Version: string
    /// False when it was current already.
    Changed: bool
    /// Whether new workflows start on it in this process already. If not, the script is disabled, or this process could not load it yet and tries again by itself.
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

/// A file of two versions, line by line.
type FileDifference = {
    File: string
    Lines: DifferenceLine list
}

/// Two versions, file by file: the script first, then those that it loads and that differ.
type Differences = {
    From: string
    To: string
    Files: FileDifference list
}
