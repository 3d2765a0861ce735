module GopherFlow.Server.Tests.OffsetTests

open System
open FsCheck
open FsCheck.FSharp
open GopherFlow.Server
open Expecto
open GopherFlow.TestSupport

let tests =
    testList "Offset" [
        testTheory
            "pairs of a number and a unit are summed"
            [
                "300 seconds", 300.
                "1 hour 30 minutes", 5400.
                "1.5 Hours", 5400.
                "500ms", 0.5
                "90 min", 5400.
                "30s", 30.
                "5 days", 432000.
                " 2  weeks 1 day ", 1296000.
            ]
            (fun (text: string, seconds: float) ->
                Expect.equal (Offset.parse text) (Some(TimeSpan.FromSeconds seconds)) "parse")

        testTheory
            "Fault 15: anything else is rejected, not guessed"
            [
                ""
                "5"
                "soon"
                "PT5M"
                "01:30:00"
                "10 minutes ago"
                "-5 minutes"
                "5 fortnights"
                "1 hour and 5 minutes"
                ".5 hours"
                "999999999 weeks"
                "٥ minutes"
            ]
            (fun (text: string) -> Expect.equal (Offset.parse text) None "parse")

        testProperty
            "the sum does not depend on the order of the pairs"
            (fun (PositiveInt hours) (PositiveInt minutes) ->
                let hours, minutes = hours % 1000, minutes % 1000
                let expected = TimeSpan.FromMinutes(float (hours * 60 + minutes))

                Offset.parse $"{hours} hours {minutes} minutes" = Some expected
                && Offset.parse $"{minutes} minutes {hours} hours" = Some expected)
    ]
