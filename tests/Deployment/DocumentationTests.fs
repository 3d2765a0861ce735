namespace GopherFlow.Deployment.Tests

open System
open System.IO
open System.Text.RegularExpressions
open GopherFlow.Scripting
open Xunit

/// Every F# sample of the documentation is compiled and loaded, as a script would be.
[<Collection "compiler">]
type DocumentationTests(warm: WarmCompiler) =

    static let rec root (folder: string) =
        if File.Exists(Path.Combine(folder, "GopherFlow.sln")) then
            folder
        else
            root (string (Path.GetDirectoryName folder))

    static let fenced =
        Regex(@"^```fsharp\n(?<code>.*?)^```", RegexOptions.Multiline ||| RegexOptions.Singleline)

    static let samples =
        let folder = root AppContext.BaseDirectory

        Directory.EnumerateFiles(Path.Combine(folder, "docs"), "*.md", SearchOption.AllDirectories)
        |> Seq.append [ Path.Combine(folder, "README.md") ]
        |> Seq.collect (fun page ->
            let text = File.ReadAllText(page).ReplaceLineEndings "\n"

            fenced.Matches text
            |> Seq.map (fun sample ->
                let line = text.Substring(0, sample.Index).Split('\n').Length + 1
                $"{Path.GetRelativePath(folder, page)}, line {line}", sample.Groups["code"].Value))
        |> Map.ofSeq

    static member Places = TheoryData<string>(Map.keys samples)

    [<Theory; MemberData(nameof DocumentationTests.Places)>]
    member _.``A sample is a script``(place: string) =
        task {
            let source = ScriptSource.single "Sample.fsx" samples[place]

            match! warm.Compiler.CompileAsync(source, TestContext.Current.CancellationToken) with
            | Ok script -> script.Dispose()
            | Error faults -> Assert.Fail(faults |> List.map string |> String.concat "\n")
        }
