/// How the types of scripts and versions are read from JSON.
module GopherFlow.Client.Api.ScriptDecoders

open GopherFlow.Client.Api.Json
open GopherFlow.Client.Api.ScriptTypes

let definitionVersion: Decoder<DefinitionVersion> =
    fields (fun get -> {
        Version = get.Get("version", string)
        Created = get.Get("created", time)
        Updated = get.Get("updated", time)
        Unfinished = get.Get("unfinished", int)
        Registered = get.Get("registered", bool)
        Current = get.Get("current", bool)
    })

let diagnostic: Decoder<Diagnostic> =
    fields (fun get -> {
        File = get.Get("file", string)
        Line = get.Get("line", int)
        Column = get.Get("column", int)
        EndLine = get.Get("endLine", int)
        EndColumn = get.Get("endColumn", int)
        Severity = get.Get("severity", oneOf [ "error", Fault; "warning", Warning; "info", Info ])
        Code = get.Get("code", string)
        Text = get.Get("text", string)
    })

let private refused: Decoder<Refused> =
    fields (fun get -> {
        Version = get.Get("version", string)
        At = get.Get("at", time)
        Diagnostics = get.Get("diagnostics", list diagnostic)
    })

let script: Decoder<Script> =
    fields (fun get -> {
        Name = get.Get("name", string)
        CurrentVersion = get.TryGet("currentVersion", string)
        Enabled = get.Get("enabled", bool)
        Updated = get.Get("updated", time)
        Unfinished = get.Get("unfinished", int)
        Refused = get.TryGet("refused", refused)
    })

let private sourceFile: Decoder<SourceFile> =
    fields (fun get -> {
        File = get.Get("file", string)
        Text = get.Get("text", string)
    })

let private version: Decoder<ScriptVersion> =
    fields (fun get -> {
        Version = get.Get("version", string)
        Origin = get.Get("origin", string)
        Author = get.Get("author", string)
        Created = get.Get("created", time)
        Unfinished = get.Get("unfinished", int)
        Registered = get.Get("registered", bool)
        Current = get.Get("current", bool)
    })

let scriptDetails: Decoder<ScriptDetails> =
    fun path value ->
        fields
            (fun get -> {
                Script = script path value
                Source = get.TryGet("source", string)
                Loaded = get.Get("loaded", list sourceFile)
                Versions = get.Get("versions", list version)
            })
            path
            value

let private line: Decoder<Line> =
    fields (fun get -> {
        Kind = get.Get("kind", oneOf [ "same", Same; "removed", Removed; "added", Added ])
        OldLine = get.TryGet("oldLine", int)
        NewLine = get.TryGet("newLine", int)
        Text = get.Get("text", string)
    })

let private file: Decoder<FileDifference> =
    fields (fun get -> {
        File = get.Get("file", string)
        Lines = get.Get("lines", list line)
    })

let differences: Decoder<FileDifference list> =
    fields (fun get -> get.Get("files", list file))

let private stateMove: Decoder<StateMove> =
    fields (fun get -> {
        From = get.Get("from", string)
        To = get.TryGet("to", string)
        Workflows = get.Get("workflows", int)
        Refusal = get.TryGet("refusal", string)
    })

let move: Decoder<Move> =
    fields (fun get -> {
        Plan = get.Get("plan", list stateMove)
        Moved = get.Get("moved", int)
        Refusals = get.Get("refusals", list string)
    })
