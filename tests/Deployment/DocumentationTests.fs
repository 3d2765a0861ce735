namespace GopherFlow.Deployment.Tests

open System
open System.Threading
open System.IO
open System.Text.RegularExpressions
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

/// Compiles and loads every F# sample of the documentation as a script.
module DocumentationTests =
    let tests (compiler: ScriptCompiler) =

        let rec root (folder: string) =
            if File.Exists(Path.Combine(folder, "GopherFlow.sln")) then
                folder
            else
                root (string (Path.GetDirectoryName folder))

        let fenced =
            Regex(@"^```fsharp\n(?<code>.*?)^```", RegexOptions.Multiline ||| RegexOptions.Singleline)

        let samples =
            let folder = root AppContext.BaseDirectory

            Directory.EnumerateFiles(Path.Combine(folder, "docs"), "*.md", SearchOption.AllDirectories)
            |> Seq.append [
                Path.Combine(folder, "README.md")
                Path.Combine(folder, "src/Scripting/README.md")
            ]
            |> Seq.collect (fun page ->
                let text = File.ReadAllText(page).ReplaceLineEndings "\n"

                fenced.Matches text
                |> Seq.map (fun sample ->
                    let line = text.Substring(0, sample.Index).Split('\n').Length + 1
                    $"{Path.GetRelativePath(folder, page)}, line {line}", sample.Groups["code"].Value))
            |> Map.ofSeq

        testList "Documentation" [
            testTheoryTask "A sample is a valid script" (Map.keys samples) (fun (place: string) ->
                task {
                    let source = ScriptSource.single "Sample.fsx" samples[place]

                    match! compiler.CompileAsync(source, CancellationToken.None) with
                    | Ok script -> script.Dispose()
                    | Error faults -> failtest (faults |> List.map string |> String.concat "\n")
                })
        ]
