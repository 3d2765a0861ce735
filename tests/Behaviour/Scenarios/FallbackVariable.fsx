open GopherFlow.FSharp

let read (step: Step) =
    let asked =
        match step.Vars.TryGet<int> "gone" with
        | Some gone -> string gone
        | None -> "none"

    goto "Done"
    |> log $"""{step.Vars.GetOr("gone", 7)} {step.Vars.GetOr("there", 7)} {step.Vars.GetOr("nothing", "-")} {asked}"""

let workflow =
    workflow "FallbackVariable" {
        start "Read" read [ "Done" ]
        finish "Done"
    }
