/// The initial source of a new script.
module GopherFlow.Client.Pages.Studio.Template

let source (name: string) =
    $"""open GopherFlow.FSharp

let review (step: Step) =
    goto "Done" |> log $"reviewed {{step.BusinessKey}}"

let workflow =
    workflow "{name}" {{
        description "Says in one sentence what it is for"
        start "Review" review
        finish "Done"
    }}
"""
