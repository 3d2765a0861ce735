open GopherFlow.FSharp

let quoted = "a \"quoted\" -> name; 100% 'sure' {0}"

let workflow =
    workflow "OddNames" {
        start "Prüfung läuft" (fun (_: Step) -> goto quoted) [ quoted ]
        state quoted (fun (_: Step) -> goto "🦫" |> after (seconds 1)) [ "🦫" ]
        state "🦫" (fun (_: Step) -> goto "end") [ "end" ]
        finish "end"
    }
