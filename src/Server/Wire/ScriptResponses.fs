namespace GopherFlow.Server

open System
open GopherFlow.Operations
open GopherFlow.Storage
open GopherFlow.Scripting

/// Something to say of a script, at a place in it.
type DiagnosticAnswer = {
    File: string
    Line: int
    Column: int
    EndLine: int
    EndColumn: int
    /// "error", "warning" or "info".
    Severity: string
    Code: string
    Text: string
}

/// The last source that was refused.
type RefusedAnswer = {
    /// The version that it would have been.
    Version: string
    At: DateTimeOffset
    Diagnostics: DiagnosticAnswer list
}

/// A script in the list.
type ScriptAnswer = {
    Name: string
    /// None while none of its versions was ever deployed.
    CurrentVersion: string option
    Enabled: bool
    Updated: DateTimeOffset
    /// How many of its workflows have not ended, on any version.
    Unfinished: int64
    Refused: RefusedAnswer option
}

/// A file that a script loads.
type SourceFileAnswer = { File: string; Text: string }

/// A version among the others.
type ScriptVersionAnswer = {
    Version: string
    /// "folder" or "api".
    Origin: string
    Author: string
    Created: DateTimeOffset
    Unfinished: int64
    /// Whether this process can run it.
    Registered: bool
    Current: bool
}

/// A script with everything that is kept of it.
type ScriptDetailsAnswer = {
    Name: string
    CurrentVersion: string option
    Enabled: bool
    Updated: DateTimeOffset
    Unfinished: int64
    Refused: RefusedAnswer option
    /// Of the current version.
    Source: string option
    Loaded: SourceFileAnswer list
    /// The newest first.
    Versions: ScriptVersionAnswer list
}

/// One version with its source.
type ScriptSourceAnswer = {
    Name: string
    Version: string
    Source: string
    Loaded: SourceFileAnswer list
    Origin: string
    Author: string
    Created: DateTimeOffset
}

/// What a check has found.
type CheckAnswer = {
    Version: string
    Diagnostics: DiagnosticAnswer list
    Definition: DefinitionAnswer option
}

/// A version that is current now.
type CurrentVersionAnswer = {
    Version: string
    /// False when it was current already.
    Changed: bool
}

/// A line of a comparison.
type LineAnswer = {
    /// "same", "removed" or "added".
    Kind: string
    OldLine: int option
    NewLine: int option
    Text: string
}

/// A file of two versions, line by line.
type FileDifferenceAnswer = { File: string; Lines: LineAnswer list }

/// Two versions, file by file: the script first, then those that it loads and that differ.
type DifferencesAnswer = {
    From: string
    To: string
    Files: FileDifferenceAnswer list
}

/// What becomes of the workflows of one state.
type StateMoveAnswer = {
    From: string
    To: string option
    Workflows: int64
    Refusal: string option
}

/// What a move does, or would do.
type MoveAnswer = {
    DryRun: bool
    Plan: StateMoveAnswer list
    Moved: int64
    Refusals: string list
}

/// What goes out about scripts and versions: one function for each kind of record.
module ScriptResponses =

    let diagnostic (diagnostic: Diagnostic) : DiagnosticAnswer = {
        File = diagnostic.File
        Line = diagnostic.Line
        Column = diagnostic.Column
        EndLine = diagnostic.EndLine
        EndColumn = diagnostic.EndColumn
        Severity = (string diagnostic.Severity).ToLowerInvariant()
        Code = diagnostic.Code
        Text = diagnostic.Text
    }

    let private refused (script: ScriptRecord) (diagnostics: Diagnostic list) =
        Option.ofObj script.Diagnostics
        |> Option.map (fun kept -> {
            Version = kept.Version
            At = kept.At
            Diagnostics = List.map diagnostic diagnostics
        })

    let script (unfinished: int64) (diagnostics: Diagnostic list) (script: ScriptRecord) : ScriptAnswer = {
        Name = script.Name
        CurrentVersion = Option.ofObj script.CurrentVersion
        Enabled = script.Enabled
        Updated = script.Updated
        Unfinished = unfinished
        Refused = refused script diagnostics
    }

    let loaded (files: Map<string, string>) : SourceFileAnswer list =
        files
        |> Map.toList
        |> List.map (fun (file, text) -> { File = file; Text = text })

    let version
        (unfinishedOf: string -> int64)
        (canRun: string -> bool)
        (current: string option)
        (version: ScriptVersionOutline)
        : ScriptVersionAnswer = {
        Version = version.Version
        Origin = version.Origin
        Author = version.Author
        Created = version.Created
        Unfinished = unfinishedOf version.Version
        Registered = canRun version.Version
        Current = current = Some version.Version
    }

    let source (files: Map<string, string>) (version: ScriptVersionRecord) : ScriptSourceAnswer = {
        Name = version.Name
        Version = version.Version
        Source = version.Source
        Loaded = loaded files
        Origin = version.Origin
        Author = version.Author
        Created = version.Created
    }

    /// The lines of a comparison, each with its numbers in the texts that have it.
    let lines (differences: LineDifference list) : LineAnswer list =
        let number (older, newer) difference =
            match difference with
            | Same text ->
                {
                    Kind = "same"
                    OldLine = Some older
                    NewLine = Some newer
                    Text = text
                },
                (older + 1, newer + 1)
            | Removed text ->
                {
                    Kind = "removed"
                    OldLine = Some older
                    NewLine = None
                    Text = text
                },
                (older + 1, newer)
            | Added text ->
                {
                    Kind = "added"
                    OldLine = None
                    NewLine = Some newer
                    Text = text
                },
                (older, newer + 1)

        List.mapFold number (1, 1) differences |> fst

    let private stateMove (plan: StateMovePlan) : StateMoveAnswer = {
        From = plan.From
        To = Option.ofObj plan.To
        Workflows = plan.Workflows
        Refusal = Option.ofObj plan.Refusal
    }

    let move (dryRun: bool) (result: MoveVersionsResult) : MoveAnswer = {
        DryRun = dryRun
        Plan = result.Plan |> Seq.map stateMove |> List.ofSeq
        Moved = result.Moved
        Refusals = List.ofSeq result.Refusals
    }
