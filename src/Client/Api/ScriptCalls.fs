/// The calls about scripts and versions.
module GopherFlow.Client.Api.ScriptCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Json
open GopherFlow.Client.Api.Http

let private escape (part: string) = JS.encodeURIComponent part

let definitionVersion (name: string) (version: string) : JS.Promise<Definition> =
    get "definition" contract<Definition> $"/api/definitions/{escape name}?version={escape version}"

let versions (name: string) : JS.Promise<DefinitionVersion list> =
    get "versions" (list contract<DefinitionVersion>) $"/api/definitions/{escape name}/versions"

let scripts () : JS.Promise<Script list> =
    get "scripts" (list contract<Script>) "/api/scripts"

let script (name: string) : JS.Promise<ScriptDetails> =
    get "script" contract<ScriptDetails> $"/api/scripts/{escape name}"

let scriptVersion (name: string) (version: string) : JS.Promise<ScriptSource> =
    get "version" contract<ScriptSource> $"/api/scripts/{escape name}/versions/{escape version}"

let differences (name: string) (from: string) (target: string) : JS.Promise<Differences> =
    get
        "differences"
        contract<Differences>
        $"/api/scripts/{escape name}/differences?from={escape from}&to={escape target}"

/// The seconds for slow calls: a script may have to be compiled first, or many workflows moved.
[<Literal>]
let private Timeout = 180

let private act (name: string) (what: string) (body: (string * obj) list) : JS.Promise<unit> =
    createObj body
    |> postWithin Timeout "answer" anything $"/api/scripts/{escape name}/{what}"
    |> map ignore

let rollBack (name: string) (version: string) =
    act name "rollback" [ "version", box version ]

let enable (name: string) = act name "enable" []
let disable (name: string) = act name "disable" []

let check (name: string) (source: string) : JS.Promise<CheckedScript> =
    createObj [ "name", box name; "source", box source ]
    |> postWithin Timeout "check" contract<CheckedScript> "/api/scripts/check"

/// `variables` is a parsed JSON object.
let tryOut (name: string) (source: string) (variables: obj) : JS.Promise<TriedScript> =
    createObj [ "name", box name; "source", box source; "stateVars", variables ]
    |> postWithin Timeout "trial" contract<TriedScript> "/api/scripts/try"

let deploy (name: string) (source: string) : JS.Promise<CurrentVersion> =
    createObj [ "source", box source ]
    |> putWithin Timeout "deployed version" contract<CurrentVersion> $"/api/scripts/{escape name}"

type MoveRequest = {
    From: string
    To: string
    States: Map<string, string>
    DryRun: bool
}

let move (name: string) (request: MoveRequest) : JS.Promise<VersionMove> =
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
    |> postWithin Timeout "move" contract<VersionMove> $"/api/definitions/{escape name}/move"
