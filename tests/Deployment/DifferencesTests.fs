namespace GopherFlow.Deployment.Tests

open GopherFlow.Scripting
open Xunit

/// Comparing two texts.
module DifferencesTests =

    let private text lines = String.concat "\n" lines

    [<Fact>]
    let ``Lines are the same, removed or added`` () =
        Assert.Equal<LineDifference list>(
            [ Same "a"; Removed "b"; Added "x"; Same "c"; Added "d" ],
            Differences.between (text [ "a"; "b"; "c" ]) (text [ "a"; "x"; "c"; "d" ])
        )

    [<Theory>]
    [<InlineData("", "")>]
    [<InlineData("a\nb\na", "a\nb\na\nb\na")>]
    [<InlineData("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc")>]
    [<InlineData("x", "y\nx\nx")>]
    let ``What is not added is the older text, and what is not removed the newer`` (older: string, newer: string) =
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

        Assert.Equal((older, newer), (text older', text newer'))

    [<Fact>]
    let ``As few lines as can be are removed and added`` () =
        let changed =
            Differences.between (text (Seq.map string "abcabba")) (text (Seq.map string "cbabac"))
            |> List.filter (function
                | Same _ -> false
                | _ -> true)

        Assert.Equal(5, changed.Length)

    [<Fact>]
    let ``Two large texts that share nothing are told as wholly changed`` () =
        let lines word =
            text [ for number in 1..4000 -> $"{word} {number}" ]

        let changed = Differences.between (lines "old") (lines "new")

        Assert.Equal((4000, 4000), (changed |> List.findIndex _.IsAdded, changed.Length - 4000))
