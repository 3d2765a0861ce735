namespace GopherFlow.Deployment.Tests

open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

/// The line differences between two texts.
module DifferencesTests =

    let private text lines = String.concat "\n" lines

    let tests =
        testList "Differences" [
            testCase "A line is the same, removed or added" (fun () ->
                Expect.equal
                    (Differences.between (text [ "a"; "b"; "c" ]) (text [ "a"; "x"; "c"; "d" ]))
                    [ Same "a"; Removed "b"; Added "x"; Same "c"; Added "d" ]
                    "between")

            testTheory
                "The differences contain both texts completely"
                [
                    "", ""
                    "a\nb\na", "a\nb\na\nb\na"
                    "a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc"
                    "x", "y\nx\nx"
                ]
                (fun (older: string, newer: string) ->
                    let differences = Differences.between older newer

                    let older' =
                        differences
                        |> List.choose (function
                            | Same line
                            | Removed line -> Some line
                            | Added _ -> None)

                    let newer' =
                        differences
                        |> List.choose (function
                            | Same line
                            | Added line -> Some line
                            | Removed _ -> None)

                    Expect.equal (text older', text newer') (older, newer) "newer")

            testCase "The fewest possible lines are removed and added" (fun () ->
                let changed =
                    Differences.between (text (Seq.map string "abcabba")) (text (Seq.map string "cbabac"))
                    |> List.filter (function
                        | Same _ -> false
                        | _ -> true)

                Expect.equal changed.Length 5 "length")

            testCase "Two large texts without common lines are completely different" (fun () ->
                let lines word =
                    text [ for number in 1..4000 -> $"{word} {number}" ]

                let changed = Differences.between (lines "old") (lines "new")

                Expect.equal (changed |> List.findIndex _.IsAdded, changed.Length - 4000) (4000, 4000) "length")
        ]
