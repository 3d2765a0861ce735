/// The calls about scripts and versions, and how their answers are read.
module GopherFlow.Client.Api.ScriptCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Json
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.ScriptTypes

module Decoders =
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

let private escape (part: string) = JS.encodeURIComponent part

let definitionVersion (name: string) (version: string) : JS.Promise<Definition> =
    get
        "definition"
        GopherFlow.Client.Api.Decoders.definition
        $"/api/definitions/{escape name}?version={escape version}"

let versions (name: string) : JS.Promise<DefinitionVersion list> =
    get "versions" (list Decoders.definitionVersion) $"/api/definitions/{escape name}/versions"

let scripts () : JS.Promise<Script list> =
    get "scripts" (list Decoders.script) "/api/scripts"

let script (name: string) : JS.Promise<ScriptDetails> =
    get "script" Decoders.scriptDetails $"/api/scripts/{escape name}"

let differences (name: string) (from: string) (target: string) : JS.Promise<FileDifference list> =
    get
        "differences"
        Decoders.differences
        $"/api/scripts/{escape name}/differences?from={escape from}&to={escape target}"

let private act (name: string) (what: string) (body: (string * obj) list) : JS.Promise<unit> =
    createObj body
    |> post "answer" anything $"/api/scripts/{escape name}/{what}"
    |> map ignore

let rollBack (name: string) (version: string) =
    act name "rollback" [ "version", box version ]

let enable (name: string) = act name "enable" []
let disable (name: string) = act name "disable" []

type MoveRequest = {
    From: string
    To: string
    States: Map<string, string>
    DryRun: bool
}

let move (name: string) (request: MoveRequest) : JS.Promise<Move> =
    createObj [
        "from", box request.From
        "to", box request.To
        "states",
        createObj (
            request.States
            |> Map.toList
            |> List.map (fun (from, target) -> from, box target)
        )
        "dryRun", box request.DryRun
    ]
    |> post "move" Decoders.move $"/api/definitions/{escape name}/move"
