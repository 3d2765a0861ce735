/// What the server speaks of when it is about scripts and versions.
module GopherFlow.Client.Api.ScriptTypes

open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

/// A version of a definition among the others.
type DefinitionVersion = {
    Version: string
    Created: Instant
    Updated: Instant
    /// How many workflows on it have not ended.
    Unfinished: int
    /// The server that answered can run it.
    Registered: bool
    /// New workflows start on it.
    Current: bool
}

type Severity =
    | Fault
    | Warning
    | Info

/// Something to say of a script, at a place in it; lines and columns count from 1, the end is behind the last character.
type Diagnostic = {
    File: string
    Line: int
    Column: int
    EndLine: int
    EndColumn: int
    Severity: Severity
    Code: string
    Text: string
}

/// The last source that was refused.
type Refused = {
    Version: string
    At: Instant
    Diagnostics: Diagnostic list
}

type Script = {
    Name: string
    CurrentVersion: string option
    Enabled: bool
    Updated: Instant
    Unfinished: int
    Refused: Refused option
}

type SourceFile = { File: string; Text: string }

type ScriptVersion = {
    Version: string
    Origin: string
    Author: string
    Created: Instant
    Unfinished: int
    Registered: bool
    Current: bool
}

type ScriptDetails = {
    Script: Script
    Source: string option
    Loaded: SourceFile list
    Versions: ScriptVersion list
}

type LineKind =
    | Same
    | Removed
    | Added

type Line = {
    Kind: LineKind
    OldLine: int option
    NewLine: int option
    Text: string
}

type FileDifference = { File: string; Lines: Line list }

/// What becomes of the workflows of one state in a move.
type StateMove = {
    From: string
    To: string option
    Workflows: int
    Refusal: string option
}

type Move = {
    Plan: StateMove list
    Moved: int
    Refusals: string list
}

module Script =
    let faults (script: Script) : Diagnostic list =
        script.Refused |> Option.map _.Diagnostics |> Option.defaultValue []

    let file (name: string) = $"{name}.fsx"

module Session =
    /// Deploying, rolling back, enabling and disabling run code of the sender's choice.
    let mayDeploy (session: Session) = session.Role = "admin"
