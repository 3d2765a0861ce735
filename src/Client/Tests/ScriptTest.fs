module GopherFlow.Client.Tests.ScriptTest

open GopherFlow.Contract
open GopherFlow.Client.Api
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages
open GopherFlow.Client.Parts
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Tests.Vitest

let private diagnostic line column endLine endColumn : Diagnostic = {
    File = "Loan.fsx"
    Line = line
    Column = column
    EndLine = endLine
    EndColumn = endColumn
    Severity = "error"
    Code = "FS0039"
    Text = "not defined"
}

let private marked (pieces: Source.Piece list) =
    pieces |> List.map (fun piece -> piece.Text, piece.Marked)

test "an error marks only its own columns and line" (fun () ->
    let faults = [ diagnostic 2 5 2 8 ]
    equal [ "let ", false; "abc", true; " = 1", false ] (marked (Source.pieces faults 2 "let abc = 1"))
    equal [ "let abc = 1", false ] (marked (Source.pieces faults 3 "let abc = 1")))

test "an error over several lines marks each line to its end" (fun () ->
    let faults = [ diagnostic 1 3 3 2 ]
    equal [ "ab", false; "cd", true ] (marked (Source.pieces faults 1 "abcd"))
    equal [ "abcd", true ] (marked (Source.pieces faults 2 "abcd"))
    equal [ "a", true; "bcd", false ] (marked (Source.pieces faults 3 "abcd")))

test "an error without a width, or beyond the end of the line, marks the nearest character" (fun () ->
    equal [ "a", true; "bc", false ] (marked (Source.pieces [ diagnostic 1 1 1 1 ] 1 "abc"))
    equal [ "ab", false; "c", true ] (marked (Source.pieces [ diagnostic 1 9 1 12 ] 1 "abc"))
    equal [] (marked (Source.pieces [ diagnostic 1 1 1 1 ] 1 "")))

test "a source is split into lines as in an editor" (fun () -> equal [ "a"; ""; "b" ] (Source.lines "a\r\n\r\nb\r\n"))

let private same number : DifferenceLine = {
    Kind = "same"
    OldLine = Some number
    NewLine = Some number
    Text = $"line {number}"
}

let private added number : DifferenceLine = {
    Kind = "added"
    OldLine = None
    NewLine = Some number
    Text = "new"
}

let private shape (parts: Comparison.Part list) =
    parts
    |> List.map (function
        | Comparison.Shown lines -> lines.Length
        | Comparison.LeftOut count -> -count)

test "three lines around a change are shown, the other lines are counted" (fun () ->
    let lines = List.map same [ 1..10 ] @ [ added 11 ] @ List.map same [ 12..20 ]
    equal [ -7; 7; -6 ] (shape (Comparison.parts lines)))

test "changes near each other are shown together" (fun () ->
    let lines =
        [ added 1 ] @ List.map same [ 2..6 ] @ [ added 7 ] @ List.map same [ 8..9 ]

    equal [ 9 ] (shape (Comparison.parts lines)))

test "identical texts show no lines" (fun () -> equal [ -3 ] (shape (Comparison.parts (List.map same [ 1..3 ]))))

let private row version current registered unfinished : VersionTable.Row = {
    Version = version
    Created = noon
    By = ""
    Unfinished = unfinished
    Registered = registered
    Current = current
}

test "a move suggests the most likely target version" (fun () ->
    let rows = [ row "c" false true 0.0; row "b" true true 1.0; row "a" false true 2.0 ]
    equal "b" (MovePlan.likelyTarget "a" rows)
    equal "c" (MovePlan.likelyTarget "b" rows)
    equal "" (MovePlan.likelyTarget "b" [ row "b" true true 1.0; row "a" false false 2.0 ]))

test "the targets of a move are states that are not final" (fun () ->
    equal [ "Receive"; "CheckCredit"; "AskPerson"; "Reserve"; "Ship" ] (MovePlan.targets (Some order))
    equal [] (MovePlan.targets None))

test "a move that is not possible has a reason" (fun () ->
    let line: StateMove = {
        From = "Review"
        To = None
        Workflows = 3.0
        Refusal = Some "no way"
    }

    let plan refusals lines : VersionMove = {
        DryRun = true
        Plan = lines
        Moved = 0.0
        Refusals = refusals
    }

    isTrue "unknown" (MovePlan.blockedReason None).IsSome
    isTrue "refused" (MovePlan.blockedReason (Some(plan [ "no way" ] [ line ]))).IsSome
    isTrue "nothing to do" (MovePlan.blockedReason (Some(plan [] []))).IsSome
    isTrue "free" (MovePlan.blockedReason (Some(plan [] [ { line with Refusal = None } ]))).IsNone)

test "a plan is valid only for the request it was made for" (fun () ->
    let asked: ScriptCalls.MoveRequest = {
        From = "a"
        To = "b"
        States = Map.empty
        DryRun = true
    }

    let plan: VersionMove = {
        DryRun = true
        Plan = []
        Moved = 0.0
        Refusals = []
    }

    let answered (planned: Result<VersionMove, string>) : MoveVersions.Answer = { Request = asked; Planned = planned }

    let answer = Some(answered (Ok plan))

    let otherState = {
        asked with
            States = Map [ "Review", "Ship" ]
    }

    let seen (request: ScriptCalls.MoveRequest) =
        (MoveVersions.shownPlan request answer).IsSome, (MoveVersions.soundPlan request answer).IsSome

    equal (true, true) (seen asked)
    equal (true, false) (seen otherState)
    equal (false, false) (seen { asked with To = "c" })
    equal (false, false) (seen { asked with From = "c" })

    let refused = Some(answered (Result.Error "no"))
    equal (Some "no") (MoveVersions.refusal asked refused)
    equal None (MoveVersions.refusal { asked with To = "c" } refused)
    equal None (MoveVersions.shownPlan asked refused))

test "a missing version without workflows is not a problem" (fun () ->
    equal ("yes", "fine") (VersionTable.runs (row "a" true true 1.0))
    equal ("not needed", "idle") (VersionTable.runs (row "a" false false 0.0))
    equal ("no", "bad") (VersionTable.runs (row "a" false false 2.0)))
