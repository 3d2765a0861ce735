namespace GopherFlow.Server.Tests

open System.Text.Json
open Expecto
open GopherFlow.TestSupport

/// Script sources and helpers that deploy them.
module ScriptSources =

    /// A workflow that moves to the manual state of the given name at once.
    let loan (name: string) (manual: string) =
        $"""open GopherFlow.FSharp

let init (_: Step) = goto "{manual}"
let pay (_: Step) = goto "Done"

let workflow =
    workflow "{name}" {{
        description "A loan that a person grants"
        start "Init" init [ "{manual}" ]
        manual "{manual}" [ "Pay"; "Refused" ]
        state "Pay" pay [ "Done" ]
        error "Refused"
        finish "Done"
    }}
"""

    /// A script with a compile error in line 2 from column 24.
    let faulty (name: string) =
        (loan name "Review").Replace("\nlet init (_: Step) = goto", "let init (_: Step) =   nowhere")

    let body (source: string) =
        $"""{{"source":{JsonSerializer.Serialize source}}}"""

    let checkBody (name: string) (source: string) =
        $"""{{"name":"{name}","source":{JsonSerializer.Serialize source}}}"""

    let put server name source =
        Send.send server Send.asAdmin "PUT" $"/api/scripts/{name}" (Send.json (body source))

    /// Deploys a script and returns its version.
    let deploy server name source =
        task {
            let! reply = put server name source
            Expect.equal reply.Status 200 "status"
            return text reply.Json?version
        }
