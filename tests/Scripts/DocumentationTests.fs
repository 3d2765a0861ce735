module GopherFlow.Scripts.Tests.DocumentationTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto

/// The F# sample test on the documentation page about testing is part of this project.
let tests =
    let rec root (folder: string) =
        if File.Exists(Path.Combine(folder, "GopherFlow.sln")) then
            folder
        else
            root (string (Path.GetDirectoryName folder))

    let read (path: string) =
        File.ReadAllText(Path.Combine(root AppContext.BaseDirectory, path)).ReplaceLineEndings "\n"

    testCase "The test in the documentation is part of ApprovalFlowTests" (fun () ->
        let sample =
            Regex.Match(
                read "docs/author/testing.md",
                @"^```fs\n(?<code>.*?)^```",
                RegexOptions.Multiline ||| RegexOptions.Singleline
            )

        Expect.stringContains (read "tests/Scripts/ApprovalFlowTests.fs") sample.Groups["code"].Value "the file"
        Expect.isTrue sample.Success "a sample was found")
