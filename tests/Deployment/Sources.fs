namespace GopherFlow.Deployment.Tests

open GopherFlow.Scripting

/// Small test scripts in several versions.
module Sources =

    /// Parks for an hour, then stores in a variable which version ran, and ends.
    let parker (version: string) =
        $"""
open GopherFlow.FSharp

let first (_: Step) = goto "Second" |> after (hours 1)

let second (step: Step) =
    step.Vars["ran"] <- "{version}"
    goto "Done"

let workflow =
    workflow "Parker" {{
        description "Parks, then says which version ran: {version}"
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }}
"""

    /// Fails without a retry, with an exception thrown at the given line of its file.
    let thrower (line: int) =
        let above = String.replicate (line - 6) "\n"

        $"""open GopherFlow.FSharp
{above}
let fail (text: string) : string =
    if text = "" then
        text
    else invalidOp "thrown on purpose"

let work (step: Step) = goto (fail step.BusinessKey)

let workflow =
    workflow "Thrower" {{
        retry noRetry
        start "Work" work [ "Done" ]
        finish "Done"
    }}
"""

    let faulty = "let workflow = 1 +"

    let versionOf (text: string) =
        ScriptVersion.Of(ScriptSource.single "Parker.fsx" text)
