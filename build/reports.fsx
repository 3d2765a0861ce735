/// Reads the reports of the test programs and adds up their results.
module Reports

#load "commands.fsx"

open System
open System.IO
open System.Text.Json
open System.Xml.Linq
open Commands

type Tally = {
    Passed: int
    Failed: int
    Skipped: int
}

let noTests = { Passed = 0; Failed = 0; Skipped = 0 }
let oneFailed = { noTests with Failed = 1 }

let add left right = {
    Passed = left.Passed + right.Passed
    Failed = left.Failed + right.Failed
    Skipped = left.Skipped + right.Skipped
}

let describe tally =
    let skipped =
        if tally.Skipped > 0 then
            $", {tally.Skipped} skipped"
        else
            ""

    $"{tally.Passed} passed, {tally.Failed} failed{skipped}"

/// Counts a failure if a suite crashed or ran no tests, regardless of its report.
let verify name code tally =
    if code <> 0 && tally.Failed = 0 then
        eprintfn "%s ended with exit code %d although no test failed. This counts as one failure." name code
        { tally with Failed = 1 }
    elif tally.Passed + tally.Failed = 0 then
        eprintfn "%s ran no tests. This counts as one failure." name
        { tally with Failed = 1 }
    else
        tally

let reportOf read (path: string) =
    if File.Exists path then
        try
            read path
        with failure ->
            eprintfn "%s cannot be read: %s" path failure.Message
            noTests
    else
        noTests

let readXunitReport path =
    let count name (assembly: XElement) =
        match assembly.Attribute(XName.Get name) with
        | null -> 0
        | attribute -> int attribute.Value

    XDocument.Load(path: string).Root.Elements(XName.Get "assembly")
    |> Seq.map (fun assembly -> {
        Passed = count "passed" assembly
        Failed = count "failed" assembly + count "errors" assembly
        Skipped = count "skipped" assembly
    })
    |> Seq.fold add noTests

/// Reads the JUnit report of Expecto, which has one element per test with the outcome inside.
let readJUnitReport path =
    let tests =
        XDocument.Load(path: string).Descendants(XName.Get "testcase") |> List.ofSeq

    let having names =
        tests
        |> List.filter (fun test -> names |> List.exists (fun name -> not (isNull (test.Element(XName.Get name)))))
        |> List.length

    let failed, skipped = having [ "failure"; "error" ], having [ "skipped" ]

    {
        Passed = tests.Length - failed - skipped
        Failed = failed
        Skipped = skipped
    }

let readVitestReport path =
    use report = JsonDocument.Parse(File.ReadAllText path)

    let count (name: string) =
        report.RootElement.GetProperty(name).GetInt32()

    {
        Passed = count "numPassedTests"
        Failed = count "numFailedTests"
        Skipped = count "numPendingTests" + count "numTodoTests"
    }
