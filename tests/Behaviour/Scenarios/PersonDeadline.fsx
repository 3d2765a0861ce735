open System
open System.Globalization
open GopherFlow.FSharp

let begin' (_: Step) =
    goto "Ask"
    |> orAt (DateTimeOffset.Parse("2026-01-04T00:00:00Z", CultureInfo.InvariantCulture)) "Escalated"

let workflow =
    workflow "PersonDeadline" {
        start "Begin" begin' [ "Ask" ]
        manual "Ask" [ "Approved"; "Escalated" ]
        finish "Approved"
        finish "Escalated"
    }
